#pragma once

#include "stresskit/support/clock.hpp"
#include "stresskit/support/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace stresskit::support {

/// "850 us", "12.3 ms", "4.2 s", "3 min 20 s": three significant digits, a unit people say.
[[nodiscard]] std::string format_duration(std::chrono::nanoseconds duration);

/// "512 B", "1.4 MB": decimal units.
[[nodiscard]] std::string format_bytes(std::uint64_t bytes);

/// "1 device", "2 devices".
[[nodiscard]] std::string format_count(std::uint64_t count, std::string_view singular);

/// "20261123T101500Z": the first half of a run id.
[[nodiscard]] std::string format_utc_compact(Wall::time_point at);

/// A duration as users write it: "90", "90s", "1.5s", "250ms", "2m", "1h". A bare number is
/// seconds. The error says what was expected.
[[nodiscard]] Result<std::chrono::nanoseconds> parse_duration(std::string_view text);

/// How many whole numbers of milliseconds, with fractions.
[[nodiscard]] constexpr double to_ms(std::chrono::nanoseconds d) {
  return std::chrono::duration<double, std::milli>(d).count();
}
[[nodiscard]] constexpr double to_seconds(std::chrono::nanoseconds d) {
  return std::chrono::duration<double>(d).count();
}
/// What is longer than nanoseconds can count (292 years) becomes the longest; what is no number, 0.
[[nodiscard]] constexpr std::chrono::nanoseconds from_seconds(double seconds) {
  constexpr double end = 0x1p63;
  const double count = seconds * 1e9;
  if (count >= end || count <= -end) {
    return count > 0 ? std::chrono::nanoseconds::max() : -std::chrono::nanoseconds::max();
  }
  return std::chrono::nanoseconds(count == count ? static_cast<std::int64_t>(count) : 0);
}

}  // namespace stresskit::support
