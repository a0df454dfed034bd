#pragma once

#include "stresskit/metrics/snapshot.hpp"

#include <string>

namespace stresskit::report {

/// The line a run prints every few seconds, without a line end:
/// "[METRICS] 10 s | connected 500 disconnected 0 failed 0 | sent 5000 acknowledged 4990 ...".
[[nodiscard]] std::string metrics_line(const metrics::Snapshot& snapshot);

/// "passed    ack_p99<250ms: 12 ms", a line for each threshold.
[[nodiscard]] std::string threshold_lines(const metrics::Snapshot& snapshot);

/// What a finished run did: totals that add up, fleet, spread and acknowledgement latency, the
/// worst bursts, failures by frequency, whose fault. Several lines, each with its line end.
[[nodiscard]] std::string summary(const metrics::Snapshot& snapshot);

}  // namespace stresskit::report
