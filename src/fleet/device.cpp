#include "stresskit/fleet/device.hpp"

#include "fleet/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <compare>

namespace stresskit::fleet {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// A name in front of its trailing digits, and those digits without leading zeros.
struct Parts {
  std::string_view stem;
  std::string_view number;
};

Parts split(std::string_view name) {
  std::size_t begin = name.size();
  while (begin > 0 && is_digit(name[begin - 1])) {
    --begin;
  }
  std::string_view number = name.substr(begin);
  number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
  return {name.substr(0, begin), number};
}

/// Blanks and invisible marks beyond ASCII, as people paste them by mistake.
bool is_invisible(char32_t c) {
  return (c >= 0x80 && c <= 0xA0) || c == 0xAD || c == 0x1680 || (c >= 0x2000 && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202F) || (c >= 0x205F && c <= 0x206F) || c == 0x3000 || c == 0xFEFF;
}

/// Why `c` cannot be part of a prefix; empty when it can.
std::string_view obstacle(char32_t c) {
  if (c < 0x20 || c == 0x7F) {
    return "control characters break files and requests";
  }
  if (c == U' ' || is_invisible(c)) {
    return "blanks and invisible characters break shell scripts and searches";
  }
  switch (c) {
    case U'/':
    case U'\\':
      return "slashes break file names and addresses";
    case U'"':
    case U'\'':
    case U'`':
      return "quotes break files and scripts";
    case U',':
      return "commas break spreadsheets";
    case U'%':
      return "the server's search takes it as a wildcard";
    case U'<':
    case U'>':
    case U'&':
    case U'{':
    case U'}':
      return "ThingsBoard refuses markup in names";
    case U'#':
    case U'+':
      return "MQTT uses it as a wildcard";
    default:
      return {};
  }
}

std::string quoted(std::string_view character, char32_t value) {
  const bool visible = value > 0x20 && value != 0x7F && !is_invisible(value);
  return visible ? fmt::format("'{}'", character)
                 : fmt::format("U+{:04X}", static_cast<std::uint32_t>(value));
}

}  // namespace

std::string device_name(std::string_view prefix, std::uint32_t index) {
  return fmt::format("{}-{:03}", prefix, index);
}

std::optional<std::uint32_t> device_index(std::string_view prefix, std::string_view name) {
  if (name.size() < prefix.size() + 2 || !name.starts_with(prefix)) {
    return std::nullopt;
  }
  const std::string_view digits = name.substr(prefix.size() + 1);
  std::uint32_t index = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (error != std::errc{} || end != digits.data() + digits.size() || index == 0) {
    return std::nullopt;
  }
  // The way back decides: "sim-1" and "sim-0001" are no names of ours.
  return device_name(prefix, index) == name ? std::optional(index) : std::nullopt;
}

support::Result<void> check_prefix(std::string_view prefix) {
  constexpr std::size_t most_bytes = 200;  // with dash and index below ThingsBoard's 255 characters
  if (prefix.empty()) {
    return support::failure("a device prefix must not be empty");
  }
  if (prefix.size() > most_bytes) {
    return support::failure(fmt::format(
        "a device prefix may have {} bytes at most, this one has {}", most_bytes, prefix.size()));
  }
  while (!prefix.empty()) {
    const std::optional<CodePoint> next = first_code_point(prefix);
    if (!next) {
      return support::failure("a device prefix must be valid UTF-8");
    }
    if (const std::string_view why = obstacle(next->value); !why.empty()) {
      return support::failure(fmt::format("a device prefix must not contain {}: {}",
                                          quoted(prefix.substr(0, next->bytes), next->value), why));
    }
    prefix.remove_prefix(next->bytes);
  }
  return {};
}

bool name_less(std::string_view a, std::string_view b) {
  const Parts left = split(a);
  const Parts right = split(b);
  if (left.stem != right.stem) {
    return left.stem < right.stem;
  }
  if (left.number.size() != right.number.size()) {
    return left.number.size() < right.number.size();
  }
  if (left.number != right.number) {
    return left.number < right.number;
  }
  return a.size() < b.size();  // "sim-1" before "sim-01"
}

}  // namespace stresskit::fleet
