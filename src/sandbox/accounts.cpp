#include "sandbox/accounts.hpp"

#include "sandbox/answer.hpp"
#include "sandbox/jwt.hpp"
#include "sandbox/server_clock.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace stresskit::sandbox {
namespace {

using nlohmann::json;

constexpr std::size_t key_length = 64;  // bytes, as HS512 wants them
constexpr std::string_view refresh_scope = "REFRESH_TOKEN";

std::int64_t now_s() {
  return now_ms() / 1000;
}

Refusal unauthorized(std::string_view message) {
  return {401, code_authentication, message};
}
Refusal expired() {
  return {401, code_token_expired, "Token has expired"};
}

/// The claims of a token of either kind; `key` of `is_refresh` decides whether they are believed.
struct Claims {
  json body;
  bool is_refresh = false;

  [[nodiscard]] std::string text(const char* name) const { return body.value(name, ""); }
  [[nodiscard]] std::int64_t number(const char* name) const {
    return body.value(name, std::int64_t{0});
  }
};

Claims believed_claims(const std::string& token, const std::string& access_key,
                       const std::string& refresh_key) {
  const auto jwt = Jwt::parse(token);
  if (!jwt) throw unauthorized("Invalid username or password");
  Claims claims{json::parse(jwt->claims()), false};
  if (!claims.body.is_object()) throw unauthorized("Invalid username or password");
  const json scopes = claims.body.value("scopes", json::array());
  claims.is_refresh = scopes.is_array() && scopes.size() == 1 && scopes[0] == refresh_scope;
  // A bad signature and an expired token are answered alike.
  if (!jwt->is_signed_with(claims.is_refresh ? refresh_key : access_key)) throw expired();
  if (claims.number("exp") <= now_s()) throw expired();
  return claims;
}

}  // namespace

std::string_view to_string(Authority authority) {
  switch (authority) {
    case Authority::sys_admin:
      return "SYS_ADMIN";
    case Authority::tenant_admin:
      return "TENANT_ADMIN";
    case Authority::customer_user:
      return "CUSTOMER_USER";
  }
  return "";
}

Accounts::Accounts(Ids& ids, std::string tenant_email, std::string tenant_password)
    : ids_(ids),
      tenant_id_(ids.uuid()),
      access_key_(ids.alphanumeric(key_length)),
      refresh_key_(ids.alphanumeric(key_length)) {
  const std::string nobody(null_uuid);
  const auto add = [&](std::string email, std::string password, Authority authority,
                       const std::string& tenant, const std::string& customer) {
    users_.push_back({ids_.uuid(), now_ms(), std::move(email), std::move(password), authority,
                      tenant, customer, true});
  };
  add("sysadmin@thingsboard.org", "sysadmin", Authority::sys_admin, nobody, nobody);
  add(std::move(tenant_email), std::move(tenant_password), Authority::tenant_admin, tenant_id_,
      nobody);
  add("customer@thingsboard.org", "customer", Authority::customer_user, tenant_id_, ids_.uuid());
}

User* Accounts::find(const std::string& email) {
  const auto found = std::find_if(users_.begin(), users_.end(),
                                  [&](const User& user) { return user.email == email; });
  return found == users_.end() ? nullptr : &*found;
}

TokenPair Accounts::issue(const User& user) {
  const std::int64_t now = now_s();
  const std::string session = ids_.random_uuid();
  const json access{{"sub", user.email},
                    {"userId", user.id},
                    {"scopes", {to_string(user.authority)}},
                    {"sessionId", session},
                    {"exp", now + life_.access_s},
                    {"iss", "thingsboard.io"},
                    {"iat", now},
                    {"enabled", true},
                    {"isPublic", false},
                    {"tenantId", user.tenant_id},
                    {"customerId", user.customer_id}};
  const json refresh{{"sub", user.email},
                     {"userId", user.id},
                     {"scopes", {refresh_scope}},
                     {"sessionId", session},
                     {"exp", now + life_.refresh_s},
                     {"iss", "thingsboard.io"},
                     {"iat", now},
                     {"isPublic", false},
                     {"jti", ids_.random_uuid()}};
  return {sign_jwt(access, access_key_), sign_jwt(refresh, refresh_key_)};
}

TokenPair Accounts::login(const std::string& email, const std::string& password) {
  if (email.find_first_not_of(' ') == std::string::npos || password.empty()) {
    throw unauthorized("Authentication failed");
  }
  const std::scoped_lock lock(mutex_);
  const User* user = find(email);
  if (user == nullptr) throw unauthorized("Invalid username or password");
  if (!user->enabled) throw unauthorized("User account is not active");
  if (user->password != password) throw unauthorized("Invalid username or password");
  return issue(*user);
}

TokenPair Accounts::refresh(const std::string& refresh_token) {
  if (refresh_token.empty()) throw unauthorized("Authentication failed");
  const std::scoped_lock lock(mutex_);
  const Claims claims = believed_claims(refresh_token, access_key_, refresh_key_);
  if (!claims.is_refresh) throw Refusal(500, code_general, "Invalid Refresh Token scope");
  const User* user = find(claims.text("sub"));
  if (user == nullptr) throw unauthorized("Invalid username or password");
  if (!user->enabled) throw unauthorized("User account is not active");
  const auto ended = ended_sessions_.find(claims.text("sessionId"));
  if (ended != ended_sessions_.end() && claims.number("iat") < ended->second) {
    throw unauthorized("Token is outdated");
  }
  return issue(*user);
}

Caller Accounts::authenticate(const std::string& access_token) {
  const std::scoped_lock lock(mutex_);
  const Claims claims = believed_claims(access_token, access_key_, refresh_key_);
  if (claims.is_refresh) {
    throw Refusal(500, code_general,
                  "Cannot invoke \"java.lang.Boolean.booleanValue()\" because the return value of "
                  "\"io.jsonwebtoken.Claims.get(String, java.lang.Class)\" is null");
  }
  const std::string session = claims.text("sessionId");
  const auto ended = ended_sessions_.find(session);
  if (ended != ended_sessions_.end() && claims.number("iat") < ended->second) throw expired();
  const User* user = find(claims.text("sub"));
  if (user == nullptr || !user->enabled) throw expired();
  return {*user, session};
}

void Accounts::logout(const Caller& caller) {
  const std::scoped_lock lock(mutex_);
  ended_sessions_[caller.session_id] = now_s();
}

void Accounts::expire_tokens(bool refresh_tokens_too) {
  const std::scoped_lock lock(mutex_);
  access_key_ = ids_.alphanumeric(key_length);
  if (refresh_tokens_too) refresh_key_ = ids_.alphanumeric(key_length);
}

void Accounts::set_token_life(const TokenLife& life) {
  const std::scoped_lock lock(mutex_);
  life_ = life;
}

TokenLife Accounts::token_life() const {
  const std::scoped_lock lock(mutex_);
  return life_;
}

bool Accounts::set_enabled(const std::string& email, bool enabled) {
  const std::scoped_lock lock(mutex_);
  User* user = find(email);
  if (user != nullptr) user->enabled = enabled;
  return user != nullptr;
}

bool Accounts::set_password(const std::string& email, const std::string& password) {
  const std::scoped_lock lock(mutex_);
  User* user = find(email);
  if (user != nullptr) user->password = password;
  return user != nullptr;
}

}  // namespace stresskit::sandbox
