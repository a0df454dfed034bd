#include "text.hpp"

#include "stresskit/support/utf8.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

namespace stresskit::report {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// XML 1.0 knows no control characters but these three, and neither do documents.
bool is_printable(char32_t c) {
  return (c >= 0x20 && (c < 0x7F || c > 0x9F) && c != 0xFFFE && c != 0xFFFF) || c == '\t' ||
         c == '\n' || c == '\r';
}

}  // namespace

std::string clean(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto c = support::first_code_point(text);
    const std::size_t bytes = c ? c->bytes : 1;
    out += c && is_printable(c->value) ? text.substr(0, bytes) : replacement;
    text.remove_prefix(bytes);
  }
  return out;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : clean(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string markdown_cell(std::string_view text) {
  constexpr std::string_view special = "\\`*_[]<>|#~!@&";
  std::string out;
  for (const char c : clean(text)) {
    if (c == '\n' || c == '\r') {
      out += ' ';
    } else if (c == '@') {
      out += "&#64;";  // mentions nobody
    } else {
      out += special.find(c) == std::string_view::npos ? std::string(1, c) : std::string{'\\', c};
    }
  }
  return out;
}

std::string count_text(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, 1, ',');
  }
  return text;
}

std::string time_text(double unix_s) {
  const double most = 253'402'300'799;  // the end of the year 9999
  const auto seconds = static_cast<std::time_t>(std::clamp(unix_s, 0.0, most));
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(seconds));
}

}  // namespace stresskit::report
