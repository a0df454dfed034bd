#pragma once

#include "sandbox/ids.hpp"

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace stresskit::sandbox {

enum class Authority { sys_admin, tenant_admin, customer_user };

struct User {
  std::string id;
  std::int64_t created_ms = 0;
  std::string email;
  std::string password;
  Authority authority = Authority::tenant_admin;
  std::string tenant_id;
  std::string customer_id;
  bool enabled = true;
};

struct TokenPair {
  std::string token;
  std::string refresh_token;
};

/// Who is asking, as a valid access token says.
struct Caller {
  User user;
  std::string session_id;
};

/// Life times of tokens in seconds; the defaults are the platform's.
struct TokenLife {
  std::int64_t access_s = 9000;
  std::int64_t refresh_s = 604800;
};

/// The accounts of a fresh install with demo data, and the tokens they are given.
///
/// Errors: refused as the platform refuses, by throwing Refusal.
/// Threads: every method may be called from any thread.
class Accounts {
 public:
  /// `tenant_email` and `tenant_password` replace those of the tenant administrator.
  Accounts(Ids& ids, std::string tenant_email, std::string tenant_password);

  [[nodiscard]] TokenPair login(const std::string& email, const std::string& password);
  [[nodiscard]] TokenPair refresh(const std::string& refresh_token);
  [[nodiscard]] Caller authenticate(const std::string& access_token);
  /// Tokens of the session issued before this second end; those of the same second stay valid, as
  /// on the platform.
  void logout(const Caller& caller);

  [[nodiscard]] const std::string& tenant_id() const { return tenant_id_; }

  /// From now on, what every issued access token (and refresh token) gets is "expired".
  void expire_tokens(bool refresh_tokens_too);
  void set_token_life(const TokenLife& life);
  [[nodiscard]] TokenLife token_life() const;
  /// False: no such account. Disabling also ends its tokens.
  bool set_enabled(const std::string& email, bool enabled);
  bool set_password(const std::string& email, const std::string& password);

 private:
  [[nodiscard]] TokenPair issue(const User& user);
  [[nodiscard]] User* find(const std::string& email);

  Ids& ids_;
  std::string tenant_id_;

  mutable std::mutex mutex_;
  // guarded by mutex_
  std::vector<User> users_;
  TokenLife life_;
  std::string access_key_;
  std::string refresh_key_;
  std::unordered_map<std::string, std::int64_t> ended_sessions_;  ///< session -> second of its end
};

/// "TENANT_ADMIN" and its kin.
[[nodiscard]] std::string_view to_string(Authority authority);

}  // namespace stresskit::sandbox
