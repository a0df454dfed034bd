#include "dashboard/password.hpp"

#include <cstddef>
#include <string>

namespace stresskit::dashboard {
namespace {

/// Anything but Base64 (RFC 4648) ends the text; a password cut short does not match.
std::string from_base64(std::string_view text) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned window = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const std::size_t six = alphabet.find(c);
    if (six == std::string_view::npos) {
      break;
    }
    window = (window << 6U | static_cast<unsigned>(six)) & 0xFFFFU;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>(window >> bits & 0xFFU);
    }
  }
  return bytes;
}

/// Looks at every byte of `given`, wherever the first difference is.
bool same(std::string_view given, std::string_view secret) {
  unsigned difference = given.size() == secret.size() ? 0 : 1;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const char wanted = secret.empty() ? '\0' : secret[i % secret.size()];
    difference |= static_cast<unsigned char>(given[i] ^ wanted);
  }
  return difference == 0;
}

/// Schemes are written in any case.
bool is_basic(std::string_view scheme) {
  constexpr std::string_view basic = "basic ";
  if (scheme.size() < basic.size()) {
    return false;
  }
  for (std::size_t i = 0; i < basic.size(); ++i) {
    if ((scheme[i] | 0x20) != (basic[i] | 0x20)) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool holds_password(std::string_view authorization, std::string_view password) {
  if (!is_basic(authorization)) {
    return false;
  }
  const std::string pair = from_base64(authorization.substr(6));
  const std::size_t colon = pair.find(':');
  return colon != std::string::npos && same(std::string_view(pair).substr(colon + 1), password);
}

}  // namespace stresskit::dashboard
