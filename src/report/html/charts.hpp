#pragma once

#include "stresskit/metrics/run_record.hpp"

#include <string>

namespace stresskit::report {

// The charts of the page, each as HTML; empty when the run has nothing to show in it.

[[nodiscard]] std::string latency_chart(const metrics::Snapshot& last);
[[nodiscard]] std::string spread_chart(const metrics::Snapshot& last);
[[nodiscard]] std::string percentile_chart(const metrics::Histograms& histograms);
[[nodiscard]] std::string devices_chart(const metrics::RunRecord& run);
/// How late storage was, as the probe devices saw it.
[[nodiscard]] std::string freshness_chart(const metrics::RunRecord& run);
/// What the server said of itself, with how much older than its place on the timeline it may be.
[[nodiscard]] std::string server_charts(const metrics::RunRecord& run);
[[nodiscard]] std::string failures_chart(const metrics::Snapshot& last);

}  // namespace stresskit::report
