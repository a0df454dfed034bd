#pragma once

#include "fields.hpp"
#include "rows.hpp"

#include "stresskit/metrics/run_record.hpp"
#include "stresskit/support/result.hpp"

#include <map>

namespace stresskit::metrics {

// One function for each file of the archive; docs/formats.md describes them. All but the first
// turn what they cannot read into `record.gaps`.

/// Identity, settings, stages. An error ends the reading.
[[nodiscard]] support::Result<void> read_config(RunRecord& record);

/// The last figures the run wrote; nothing when it did not come to that.
[[nodiscard]] std::optional<Json> read_summary(RunRecord& record);

/// Into `record.last.bursts`, each with its stage and its warm-up mark.
void read_bursts(RunRecord& record);

void read_histograms(RunRecord& record);
void read_timeline(RunRecord& record);
void read_events(RunRecord& record);
void read_freshness(RunRecord& record);

/// Into `record.server`, and what it comes to into `record.last.server`.
void read_server(RunRecord& record);

/// Into `record.last.devices`; from the events, with numbers for names, when there is no
/// `devices.csv`.
void read_devices(RunRecord& record);

/// What metrics.json says of the run as a whole: status, fleet, failures, collapses, health.
void take_summary(const Json& json, Snapshot& into);

}  // namespace stresskit::metrics
