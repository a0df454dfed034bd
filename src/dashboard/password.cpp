#include "dashboard/password.hpp"

#include "stresskit/support/base64.hpp"

#include <cstddef>
#include <string>

namespace stresskit::dashboard {
namespace {

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
  const auto pair = support::decode_base64(authorization.substr(6));
  const std::size_t colon = pair ? pair->find(':') : std::string::npos;
  return colon != std::string::npos && same(std::string_view(*pair).substr(colon + 1), password);
}

}  // namespace stresskit::dashboard
