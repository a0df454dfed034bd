#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace stresskit::thingsboard {

/// What the kit reads from an access token. Nothing is verified: that is the server's business.
struct Claims {
  std::string authority;                          ///< the first of `scopes`
  std::optional<std::chrono::seconds> life_time;  ///< `exp` - `iat`, a year at most
};

/// The claims of a JSON Web Token (RFC 7519); empty ones when it is none.
[[nodiscard]] Claims read_claims(std::string_view jwt);

}  // namespace stresskit::thingsboard
