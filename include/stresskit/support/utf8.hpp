#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace stresskit::support {

/// One character of a UTF-8 text and how many bytes it takes.
struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 0;
};

/// The first character of `text` (not empty); nothing when the bytes are not UTF-8: a stray or
/// missing continuation byte, an overlong form, a surrogate, beyond U+10FFFF (RFC 3629).
[[nodiscard]] std::optional<CodePoint> first_code_point(std::string_view text);

}  // namespace stresskit::support
