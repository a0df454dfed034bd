#include "stresskit/report/outputs.hpp"
#include "stresskit/support/format.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

namespace stresskit::report {

namespace {

constexpr int steps_per_halving = 5;

/// The next level of percentiles: steps become half as wide whenever half the way to 100 % is done.
double next_level(double percent) {
  const double halvings = std::floor(std::log2(100 / (100 - percent))) + 1;
  return percent + 100 / (steps_per_halving * std::pow(2, halvings));
}

double deviation_ms(const metrics::Histogram& histogram) {
  const double mean = support::to_ms(histogram.mean());
  double squares = 0;
  histogram.for_each([&](auto value, std::uint64_t count) {
    const double distance = support::to_ms(value) - mean;
    squares += distance * distance * static_cast<double>(count);
  });
  return histogram.count() > 0 ? std::sqrt(squares / static_cast<double>(histogram.count())) : 0;
}

}  // namespace

std::string hgrm(const metrics::Histogram& histogram) {
  std::string text = fmt::format("{:>12} {:>14} {:>10} {:>14}\n\n", "Value", "Percentile",
                                 "TotalCount", "1/(1-Percentile)");
  const auto out = std::back_inserter(text);
  const auto total = static_cast<double>(histogram.count());
  double level = 0;
  std::uint64_t seen = 0;
  histogram.for_each([&](auto value, std::uint64_t count) {
    seen += count;
    const double reached = 100 * static_cast<double>(seen) / total;
    for (; level <= reached && level < 100 && seen < histogram.count(); level = next_level(level)) {
      fmt::format_to(out, "{:12.3f} {:2.12f} {:10} {:14.2f}\n", support::to_ms(value), level / 100,
                     seen, 100 / (100 - level));
    }
  });
  if (histogram.count() > 0) {
    const double max = support::to_ms(histogram.max());
    // All values that share the last bucket: the levels up to the last value, then that itself.
    for (; level < 100 * (1 - 1 / total); level = next_level(level)) {
      fmt::format_to(out, "{:12.3f} {:2.12f} {:10} {:14.2f}\n", max, level / 100, histogram.count(),
                     100 / (100 - level));
    }
    fmt::format_to(out, "{:12.3f} {:2.12f} {:10}\n", max, 1.0, histogram.count());
  }
  fmt::format_to(out, "#[Mean    = {:12.3f}, StdDeviation   = {:12.3f}]\n",
                 support::to_ms(histogram.mean()), deviation_ms(histogram));
  fmt::format_to(out, "#[Max     = {:12.3f}, Total count    = {:12}]\n",
                 support::to_ms(histogram.max()), histogram.count());
  fmt::format_to(out, "#[Buckets = {:12}, SubBuckets     = {:12}]\n", 22, 2048);
  return text;
}

}  // namespace stresskit::report
