#pragma once

#include "stresskit/metrics/snapshot.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace stresskit::report {

/// How a value is written, and in what it is counted.
enum class Kind {
  count,
  ratio,     ///< 0..1
  duration,  ///< milliseconds
  moment,    ///< seconds since the first due time, or none
};

/// What a running run can still do to it.
enum class Change {
  only_grows,  ///< a sum of things that happened
  both_ways,   ///< a share, a state, a percentile
  only_once,   ///< it happened, and stays
};

/// A metric that a threshold can be set on. Nothing: no data.
struct Metric {
  std::string_view name;  ///< of a ladder without its rung: "ack"
  Kind kind{};
  Change change{};
  std::string_view help;
  std::optional<double> (*read)(const metrics::Snapshot&) = nullptr;
  const metrics::Ladder* (*ladder)(const metrics::Snapshot&) = nullptr;  ///< instead of `read`
};

/// The rung of a ladder: "p99".
struct Rung {
  std::string_view name;
  double metrics::Ladder::*value;
};

/// The table: the only place that knows the metrics of thresholds.
[[nodiscard]] std::span<const Metric> threshold_metrics();
[[nodiscard]] std::span<const Rung> rungs();

/// A metric's value; `rung`: of a ladder.
[[nodiscard]] std::optional<double> read(const Metric& metric, const Rung* rung,
                                         const metrics::Snapshot& snapshot);

/// A line for each metric, for an error message.
[[nodiscard]] std::string list_of_metrics();

/// The same as the rows of a Markdown table, for docs/reports.md.
[[nodiscard]] std::string table_of_metrics();

}  // namespace stresskit::report
