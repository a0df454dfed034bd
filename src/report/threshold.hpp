#pragma once

#include "threshold_metrics.hpp"

#include "stresskit/report/thresholds.hpp"
#include "stresskit/support/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace stresskit::report {

enum class Op { less, at_most, more, at_least, equal, unequal };

struct Thresholds::One {
  std::string text;  ///< as the user wrote it
  const Metric* metric = nullptr;
  const Rung* rung = nullptr;  ///< of a ladder
  Op op = Op::less;
  std::optional<double> bound;  ///< in what the metric is counted; nothing: `none`
};

/// The error says what is wrong with `text` and what was probably meant.
[[nodiscard]] support::Result<Thresholds::One> parse_threshold(std::string_view text);

/// Whether `actual` (nothing: none) is on the good side.
[[nodiscard]] bool holds(const Thresholds::One& threshold, std::optional<double> actual);

/// The value in the metric's unit, with as few digits as tell it from the bound.
[[nodiscard]] std::string actual_text(const Thresholds::One& threshold,
                                      std::optional<double> actual);

}  // namespace stresskit::report
