#pragma once

#include "stresskit/metrics/snapshot.hpp"

#include <string>

namespace stresskit::report {

/// How late the server stored during the run, in lines for a person; empty when nobody looked.
[[nodiscard]] std::string freshness_lines(const metrics::Snapshot& snapshot);

/// What became of the acknowledged messages inside the server, in lines for a person; empty when
/// nobody asked.
[[nodiscard]] std::string storage_lines(const metrics::Snapshot& snapshot);

}  // namespace stresskit::report
