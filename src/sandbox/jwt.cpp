#include "sandbox/jwt.hpp"

#include "stresskit/support/base64.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstdint>

namespace stresskit::sandbox {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view header = R"({"alg":"HS512"})";

std::string base64url(std::string_view bytes) {
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = bits << 8U | static_cast<std::uint8_t>(c);
    for (count += 8; count >= 6; count -= 6) text.push_back(alphabet[bits >> (count - 6) & 0x3FU]);
  }
  if (count > 0) text.push_back(alphabet[bits << (6 - count) & 0x3FU]);
  return text;
}

const unsigned char* raw(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string hs512(std::string_view text, std::string_view key) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  HMAC(EVP_sha512(), key.data(), static_cast<int>(key.size()), raw(text), text.size(),
       digest.data(), &length);
  return {digest.begin(), digest.begin() + length};
}

}  // namespace

std::string sign_jwt(const nlohmann::json& claims, std::string_view key) {
  const std::string signed_part = base64url(header) + "." + base64url(claims.dump());
  return signed_part + "." + base64url(hs512(signed_part, key));
}

std::optional<Jwt> Jwt::parse(std::string_view token) {
  const std::size_t first = token.find('.');
  const std::size_t last = token.rfind('.');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  const auto signature = support::decode_base64(token.substr(last + 1));
  const auto claims = support::decode_base64(token.substr(first + 1, last - first - 1));
  if (!signature || !claims || !nlohmann::json::accept(*claims)) return std::nullopt;
  Jwt jwt;
  jwt.signed_part_ = token.substr(0, last);
  jwt.signature_ = *signature;
  jwt.claims_ = *claims;
  return jwt;
}

bool Jwt::is_signed_with(std::string_view key) const {
  const std::string wanted = hs512(signed_part_, key);
  return wanted.size() == signature_.size() &&
         CRYPTO_memcmp(wanted.data(), signature_.data(), wanted.size()) == 0;
}

std::string sha3_hex(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha3_256(), nullptr);
  std::string hex;
  for (unsigned int i = 0; i < length; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

}  // namespace stresskit::sandbox
