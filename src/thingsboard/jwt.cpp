#include "thingsboard/jwt.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>

namespace stresskit::thingsboard {

namespace {

/// base64url without padding (RFC 4648, section 5); stops at the first foreign character.
std::string decode(std::string_view text) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t digit = alphabet.find(c);
    if (digit == std::string_view::npos) {
      break;
    }
    bits = (bits << 6U) | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
    }
  }
  return out;
}

}  // namespace

Claims read_claims(std::string_view jwt) {
  using nlohmann::json;
  Claims claims;
  const std::size_t first = jwt.find('.');
  if (first == std::string_view::npos) {
    return claims;
  }
  const std::size_t second = jwt.find('.', first + 1);
  const json payload =
      json::parse(decode(jwt.substr(first + 1, second - first - 1)), nullptr, false);
  if (!payload.is_object()) {
    return claims;
  }
  if (const auto scopes = payload.find("scopes"); scopes != payload.end() && scopes->is_array() &&
                                                  !scopes->empty() && scopes->front().is_string()) {
    claims.authority = scopes->front().get<std::string>();
  }
  const auto issued = payload.find("iat");
  const auto expires = payload.find("exp");
  if (issued != payload.end() && expires != payload.end() && issued->is_number_integer() &&
      expires->is_number_integer()) {
    claims.life_time =
        std::chrono::seconds(expires->get<std::int64_t>() - issued->get<std::int64_t>());
  }
  return claims;
}

}  // namespace stresskit::thingsboard
