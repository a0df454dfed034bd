#include "report/words.hpp"

#include "stresskit/support/format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace stresskit::report {

namespace {

constexpr std::size_t causes_in_line = 3;

}  // namespace

std::string ms(double value) {
  return support::format_duration(support::from_seconds(value / 1e3));
}

std::string ms_or_dash(const std::optional<double>& value) {
  return value ? ms(*value) : "-";
}

std::string ms_or_dash(std::uint64_t count, double value) {
  return count > 0 ? ms(value) : "-";
}

std::string_view delivered_word(int qos) {
  return qos == 0 ? "sent" : "acknowledged";
}

std::string percent(double ratio) {
  // 99.996 % must not read as 100 %: round down. But 57 of 100 are 57 %, although 0.57 * 1e4 falls
  // a hair short of 5,700.
  const double hundredths = std::floor(ratio * 1e4 * (1 + 1e-12));
  return fmt::format("{:.2f} %", std::clamp(hundredths / 1e2, 0.0, 100.0));
}

std::string top_causes(const metrics::Snapshot& s) {
  std::string text;
  for (std::size_t i = 0; i < std::min(causes_in_line, s.failures.size()); ++i) {
    const auto& row = s.failures[i];
    text += fmt::format("{}{} {} x{}", i == 0 ? "" : ", ", fleet::to_string(row.failure.stage),
                        fleet::to_string(row.failure.bucket), row.count);
  }
  return text.empty() ? "none" : text;
}

std::string collapse(const metrics::Snapshot& s) {
  if (s.collapses.empty()) {
    return "none";
  }
  const auto& first = s.collapses.front();
  std::string text = fmt::format("after {:.1f} s", first.at_s);
  if (first.recovered_at_s) {
    text += fmt::format(", recovered after {:.1f} s", *first.recovered_at_s);
  }
  return text;
}

std::optional<double> last_spread(const metrics::Snapshot& s) {
  const auto last =
      std::find_if(s.bursts.rbegin(), s.bursts.rend(),
                   [](const metrics::BurstRow& row) { return row.spread_ms.has_value(); });
  return last == s.bursts.rend() ? std::nullopt : last->spread_ms;
}

}  // namespace stresskit::report
