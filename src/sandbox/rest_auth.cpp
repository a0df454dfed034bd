// Login, refresh, logout and "who am I".
#include "sandbox/rest_endpoints.hpp"

#include <nlohmann/json.hpp>

namespace stresskit::sandbox {
namespace {

using nlohmann::json;

Answer pair_answer(const TokenPair& pair) {
  return login_answer({{"token", pair.token}, {"refreshToken", pair.refresh_token}});
}

/// The strings `names` of the body and nothing else: these two endpoints use a strict mapper, do
/// not look at the Content-Type, and answer anything odd with 401.
std::vector<std::string> strict_strings(const RestCall& call,
                                        const std::vector<std::string>& names) {
  const json body = json::parse(call.body, nullptr, false);
  const Refusal failed(401, code_authentication, "Authentication failed");
  if (!body.is_object() || body.size() != names.size()) throw failed;
  std::vector<std::string> values;
  for (const std::string& name : names) {
    const auto found = body.find(name);
    if (found == body.end() || !found->is_string()) throw failed;
    values.push_back(found->get<std::string>());
  }
  return values;
}

Answer current_user(const RestCall& call) {
  const User& user = call.caller->user;
  return json_answer({{"id", entity_id("USER", user.id)},
                      {"createdTime", user.created_ms},
                      {"tenantId", entity_id("TENANT", user.tenant_id)},
                      {"customerId", entity_id("CUSTOMER", user.customer_id)},
                      {"email", user.email},
                      {"authority", to_string(user.authority)},
                      {"firstName", nullptr},
                      {"lastName", nullptr},
                      {"phone", nullptr},
                      {"version", 1},
                      {"name", user.email},
                      {"additionalInfo", nullptr}});
}

}  // namespace

void add_auth_routes(Router& router, Platform& platform) {
  router.add("POST", "/api/auth/login", Access::open, [&](const RestCall& call) {
    const auto values = strict_strings(call, {"username", "password"});
    return pair_answer(platform.accounts.login(values[0], values[1]));
  });
  router.add("POST", "/api/auth/token", Access::open, [&](const RestCall& call) {
    return pair_answer(platform.accounts.refresh(strict_strings(call, {"refreshToken"})[0]));
  });
  for (const char* method : {"GET", "PUT", "DELETE", "PATCH"}) {
    for (const char* path : {"/api/auth/login", "/api/auth/token"}) {
      router.add(method, path, Access::open, [](const RestCall&) -> Answer {
        throw Refusal(401, code_authentication, "Authentication method not supported");
      });
    }
  }
  router.add("POST", "/api/auth/logout", Access::any_user, [&](const RestCall& call) {
    platform.accounts.logout(*call.caller);
    return empty_answer();
  });
  router.add("GET", "/api/auth/user", Access::any_user, current_user);
}

}  // namespace stresskit::sandbox
