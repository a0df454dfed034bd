#include "stresskit/support/format.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <ctime>

namespace stresskit::support {

namespace {

/// Three significant digits without an exponent: 0.85, 12.3, 123.
std::string three_digits(double value) {
  const double size = std::abs(value);
  const int decimals = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (decimals > 0) {  // 4.20 -> 4.2, 5.00 -> 5
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') {
      text.pop_back();
    }
  }
  return text;
}

}  // namespace

std::string format_duration(std::chrono::nanoseconds duration) {
  const double seconds = to_seconds(duration);
  const double size = std::abs(seconds);
  if (size >= 60) {
    const auto whole = static_cast<long>(std::llround(size));
    const std::string sign = seconds < 0 ? "-" : "";
    if (whole >= 3600) {
      return fmt::format("{}{} h {} min", sign, whole / 3600, whole % 3600 / 60);
    }
    return fmt::format("{}{} min {} s", sign, whole / 60, whole % 60);
  }
  if (size >= 1) {
    return three_digits(seconds) + " s";
  }
  if (size >= 1e-3) {
    return three_digits(seconds * 1e3) + " ms";
  }
  return three_digits(seconds * 1e6) + " us";
}

std::string format_bytes(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 5> units{"B", "kB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1000 && unit + 1 < units.size()) {
    value /= 1000;
    ++unit;
  }
  return fmt::format("{} {}", three_digits(value), units[unit]);
}

std::string format_count(std::uint64_t count, std::string_view singular) {
  return fmt::format("{} {}{}", count, singular, count == 1 ? "" : "s");
}

std::string format_utc_compact(Wall::time_point at) {
  const std::time_t seconds = Wall::to_time_t(at);
  std::tm fields{};
  ::gmtime_r(&seconds, &fields);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &fields);
  return {text.data(), length};
}

Result<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
  double factor = 0;
  if (unit.empty() || unit == "s") {
    factor = 1;
  } else if (unit == "ms") {
    factor = 1e-3;
  } else if (unit == "m" || unit == "min") {
    factor = 60;
  } else if (unit == "h") {
    factor = 3600;
  }
  // Beyond 100 years nanoseconds no longer fit, and nobody means it.
  if (error != std::errc() || factor == 0 || !std::isfinite(value) ||
      std::abs(value * factor) > 100 * 365.0 * 86'400) {
    return failure("expected a duration such as 90, 1.5s, 250ms, 2m or 1h");
  }
  return from_seconds(value * factor);
}

}  // namespace stresskit::support
