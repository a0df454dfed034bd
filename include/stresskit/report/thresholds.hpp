#pragma once

#include "stresskit/metrics/snapshot.hpp"

#include <string>
#include <vector>

namespace stresskit::report {

/// What a run must hold to be called good: "ack_p99<250ms", "acknowledged_ratio>=99.9%",
/// "lost==0", "collapse==none".
///
///     METRIC OP VALUE      OP: < <= > >= == !=
///
/// A value is a duration with its unit (us, ms, s, m), a ratio (99.9% or 0.999), a whole number, or
/// `none`, as its metric asks; docs/reports.md lists the metrics.
///
/// Threads: immutable once parsed.
class Thresholds {
 public:
  /// A single threshold, understood; see src/report/threshold.hpp.
  struct One;

  Thresholds();
  Thresholds(const Thresholds&);
  Thresholds& operator=(const Thresholds&);
  ~Thresholds();

  /// Throws support::Error(usage) that names every text which cannot be understood and why, and
  /// lists all metrics.
  [[nodiscard]] static Thresholds parse(const std::vector<std::string>& texts);

  /// A row for each threshold, in the order given. Messages of warm-up bursts do not count; those
  /// still in flight are neither good nor bad yet.
  [[nodiscard]] std::vector<metrics::ThresholdRow> judge(const metrics::Snapshot& snapshot) const;

  /// Whether a running run may be ended because a threshold is crossed: a count that can only grow
  /// is beyond its upper bound, the fleet has collapsed, or a ratio, latency or share is on the
  /// wrong side after at least one measured burst was settled. Never for what may yet be reached,
  /// never for want of data.
  [[nodiscard]] bool may_end_the_run(const metrics::Snapshot& snapshot) const;

 private:
  std::vector<One> all_;
};

/// Whether the run is not good: a threshold was crossed, or there was nothing to judge it by.
[[nodiscard]] bool crossed(const std::vector<metrics::ThresholdRow>& rows);

}  // namespace stresskit::report
