#include "stresskit/support/base64.hpp"

namespace stresskit::support {
namespace {

/// The six bits of a character; -1 when it is in neither alphabet.
int six_bits(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  std::string bytes;
  unsigned window = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const int six = six_bits(c);
    if (six < 0) return std::nullopt;
    window = window << 6U | static_cast<unsigned>(six);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push_back(static_cast<char>(window >> bits & 0xFFU));
    }
  }
  return bytes;
}

}  // namespace stresskit::support
