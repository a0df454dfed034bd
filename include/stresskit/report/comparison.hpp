#pragma once

#include "stresskit/metrics/run_record.hpp"

#include <array>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace stresskit::report {

/// How sure one can be of a difference of two samples.
struct Interval {
  double low = 0;
  double high = 0;
};

/// Where a figure of a sample lies.
using Statistic = std::function<double(std::vector<double>& sample)>;

/// The bootstrap interval (99 %) of statistic(b) - statistic(a): both are drawn anew 1,000 times,
/// in blocks of neighbouring bursts because neighbours are alike (moving blocks, Kuensch 1989). The
/// seed is fixed, so equal runs give equal answers.
[[nodiscard]] Interval bootstrap_difference(const std::vector<double>& a,
                                            const std::vector<double>& b,
                                            const Statistic& statistic);

/// One figure of two runs side by side.
struct ComparedFigure {
  enum class Judgement { same, better, worse, too_few };

  std::string name;  ///< "ack p99"
  bool is_ratio = false;
  double a = 0;  ///< milliseconds, or 0..1
  double b = 0;
  Interval difference;  ///< of b - a
  std::size_t bursts_a = 0;
  std::size_t bursts_b = 0;
  Judgement judgement = Judgement::too_few;
};

struct Comparison {
  std::string run_a;
  std::string run_b;
  std::vector<ComparedFigure> figures;
  /// Key, value in a, value in b; "-" where a run does not have it.
  std::vector<std::array<std::string, 3>> settings;
  std::vector<std::string> notes;  ///< what makes the comparison weak, in words

  /// Whether both runs acknowledged, or failed to, in enough bursts to say anything at all.
  [[nodiscard]] bool comparable() const;
  [[nodiscard]] bool worse() const;
};

/// Compares by burst, warm-up left out. A figure is better or worse when the whole interval of its
/// difference lies on one side and the difference is worth speaking of: 5 % and 50 us of a time, a
/// tenth of a percent of a ratio. Fewer than 5 bursts of a run are too few.
[[nodiscard]] Comparison compare(const metrics::RunRecord& a, const metrics::RunRecord& b);

[[nodiscard]] std::string_view to_string(ComparedFigure::Judgement judgement);

// A comparison, told in several ways; see outputs.hpp.
[[nodiscard]] std::string console(const Comparison& comparison);
[[nodiscard]] std::string markdown(const Comparison& comparison);
[[nodiscard]] std::string html(const Comparison& comparison);
[[nodiscard]] std::string json(const Comparison& comparison);

}  // namespace stresskit::report
