#pragma once

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace stresskit::sandbox {

/// A JSON Web Token signed with HS512, as the platform issues them.
[[nodiscard]] std::string sign_jwt(const nlohmann::json& claims, std::string_view key);

/// A token taken apart. Whether to believe it is a question of its own: `is_signed_with`.
class Jwt {
 public:
  /// Nothing when `token` is no JWT at all.
  [[nodiscard]] static std::optional<Jwt> parse(std::string_view token);

  [[nodiscard]] bool is_signed_with(std::string_view key) const;
  /// The claims as JSON text.
  [[nodiscard]] const std::string& claims() const { return claims_; }

 private:
  std::string signed_part_;
  std::string signature_;
  std::string claims_;
};

/// SHA3-256 as hexadecimal digits: what the platform looks MQTT_BASIC credentials up by.
[[nodiscard]] std::string sha3_hex(std::string_view text);

}  // namespace stresskit::sandbox
