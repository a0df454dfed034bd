#include "checks.hpp"

#include "stresskit/support/utf8.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace stresskit::config {

using support::failure;
using support::Result;

namespace {

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

std::string shown(std::string_view character, char32_t value) {
  const bool visible = value > 0x20 && value != 0x7F && !is_invisible(value);
  return visible ? fmt::format("'{}'", character)
                 : fmt::format("U+{:04X}", static_cast<std::uint32_t>(value));
}

}  // namespace

Result<void> check_prefix(std::string_view prefix) {
  constexpr std::size_t most_bytes = 200;  // with dash and index below ThingsBoard's 255 characters
  if (prefix.empty()) {
    return failure("must not be empty");
  }
  if (prefix.size() > most_bytes) {
    return failure(
        fmt::format("may have {} bytes at most, this one has {}", most_bytes, prefix.size()));
  }
  while (!prefix.empty()) {
    const std::optional<support::CodePoint> next = support::first_code_point(prefix);
    if (!next) {
      return failure("must be valid UTF-8");
    }
    if (const std::string_view why = obstacle(next->value); !why.empty()) {
      return failure(fmt::format("must not contain {}: {}",
                                 shown(prefix.substr(0, next->bytes), next->value), why));
    }
    prefix.remove_prefix(next->bytes);
  }
  return {};
}

}  // namespace stresskit::config
