#include "thingsboard/jwt.hpp"

#include "stresskit/support/base64.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>

namespace stresskit::thingsboard {
Claims read_claims(std::string_view jwt) {
  using nlohmann::json;
  Claims claims;
  const std::size_t first = jwt.find('.');
  if (first == std::string_view::npos) {
    return claims;
  }
  const std::size_t second = jwt.find('.', first + 1);
  const auto text = support::decode_base64(jwt.substr(first + 1, second - first - 1));
  const json payload = json::parse(text.value_or(""), nullptr, false);
  if (!payload.is_object()) {
    return claims;
  }
  if (const auto scopes = payload.find("scopes"); scopes != payload.end() && scopes->is_array() &&
                                                  !scopes->empty() && scopes->front().is_string()) {
    claims.authority = scopes->front().get<std::string>();
  }
  const auto issued = payload.find("iat");
  const auto expires = payload.find("exp");
  if (issued != payload.end() && expires != payload.end() && issued->is_number_unsigned() &&
      expires->is_number_unsigned() && *issued <= *expires) {
    constexpr std::uint64_t a_year = 366 * 86'400;  // far from where a clock would overflow
    const auto seconds = expires->get<std::uint64_t>() - issued->get<std::uint64_t>();
    claims.life_time = std::chrono::seconds(std::min(seconds, a_year));
  }
  return claims;
}

}  // namespace stresskit::thingsboard
