#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <system_error>

namespace stresskit::metrics {

/// The number that `text` is from its first character to its last; nothing when it is none.
template <class T>
[[nodiscard]] std::optional<T> parsed(const std::string& text) {
  T value{};
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && rest == end ? std::optional(value) : std::nullopt;
}

}  // namespace stresskit::metrics
