#include "stresskit/support/utf8.hpp"

namespace stresskit::support {

namespace {

/// How many bytes a character has that begins with `lead`; 0: no character begins so.
std::size_t length_of(unsigned char lead) {
  if (lead < 0x80) {
    return 1;
  }
  if (lead >= 0xC2 && lead <= 0xDF) {
    return 2;
  }
  if (lead >= 0xE0 && lead <= 0xEF) {
    return 3;
  }
  return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

}  // namespace

std::optional<CodePoint> first_code_point(std::string_view text) {
  const auto byte_at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t bytes = length_of(byte_at(0));
  if (bytes == 0 || bytes > text.size()) {
    return std::nullopt;
  }
  if (bytes == 1) {
    return CodePoint{byte_at(0), 1};
  }
  char32_t value = byte_at(0) & (0xFFU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte_at(i) & 0xC0U) != 0x80U) {
      return std::nullopt;
    }
    value = (value << 6U) | (byte_at(i) & 0x3FU);
  }
  constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < smallest[bytes] || surrogate || value > 0x10FFFF) {
    return std::nullopt;
  }
  return CodePoint{value, bytes};
}

}  // namespace stresskit::support
