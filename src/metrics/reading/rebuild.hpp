#pragma once

#include "stresskit/metrics/run_record.hpp"

namespace stresskit::metrics {

/// Completes `record.last` from the rows that were read: totals, ladders, stages, verdict. Where
/// the run said nothing at its end (`record.killed`), also what a summary would have said.
void rebuild(RunRecord& record);

}  // namespace stresskit::metrics
