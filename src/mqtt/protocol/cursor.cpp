#include "mqtt/protocol/cursor.hpp"

namespace stresskit::mqtt::protocol {
namespace {

constexpr bool between(unsigned char c, unsigned low, unsigned high) {
  return c >= low && c <= high;
}

/// Bytes of the well-formed character at the front, 0 if there is none (Unicode table 3-7).
std::size_t character(std::string_view text) {
  const auto at = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : static_cast<unsigned char>(0);
  };
  const auto tail = [&](std::size_t i) { return between(at(i), 0x80, 0xBF); };
  const unsigned char first = at(0);
  if (between(first, 0x01, 0x7F)) {
    return 1;
  }
  if (between(first, 0xC2, 0xDF)) {
    return tail(1) ? 2 : 0;
  }
  if (between(first, 0xE0, 0xEF)) {
    const unsigned low = first == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = first == 0xED ? 0x9F : 0xBF;  // no surrogates
    return between(at(1), low, high) && tail(2) ? 3 : 0;
  }
  if (between(first, 0xF0, 0xF4)) {
    const unsigned low = first == 0xF0 ? 0x90 : 0x80;
    const unsigned high = first == 0xF4 ? 0x8F : 0xBF;  // up to U+10FFFF
    return between(at(1), low, high) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

bool valid_text(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = character(text);
    if (size == 0) {
      return false;
    }
    text.remove_prefix(size);
  }
  return true;
}

std::string_view Cursor::bytes(std::size_t size) {
  if (size > rest_.size()) {
    ok_ = false;
    rest_ = {};
    return {};
  }
  const std::string_view found = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return found;
}

std::uint8_t Cursor::u8() {
  const std::string_view found = bytes(1);
  return found.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(found[0]);
}

std::uint16_t Cursor::u16() {
  const unsigned high = u8();
  return static_cast<std::uint16_t>(high << 8 | u8());
}

std::uint32_t Cursor::u32() {
  const std::uint32_t high = u16();
  return high << 16 | u16();
}

std::uint32_t Cursor::variable() {
  std::uint32_t value = 0;
  for (unsigned shift = 0; shift < 28; shift += 7) {
    const std::uint8_t next = u8();
    value |= (next & 0x7Fu) << shift;
    if (next < 0x80) {
      return value;
    }
  }
  fail();
  return 0;
}

std::string_view Cursor::text() {
  const std::string_view found = binary();
  if (!valid_text(found)) {
    fail();
  }
  return found;
}

}  // namespace stresskit::mqtt::protocol
