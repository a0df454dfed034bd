#include "sandbox/rest_front.hpp"

#include "sandbox/http_connection.hpp"

#include <nlohmann/json.hpp>

#include <string_view>
#include <utility>

namespace stresskit::sandbox {
namespace {

constexpr std::string_view bearer = "Bearer ";
constexpr std::string_view api_key = "ApiKey ";

Refusal authentication_failed() {
  return {401, code_authentication, "Authentication failed"};
}

/// Any other header sends the browser to a login page, as in 4.3.
Refusal redirect_to_login(const RestCall& call) {
  Answer answer;
  answer.status = 302;
  answer.headers.emplace_back("Location", "http://" + call.host + "/oauth2Login");
  return Refusal(std::move(answer));
}

/// The two not-found bodies and the 405 come from Spring itself: chunked, and with another type.
Answer spring_error(int status, int code, std::string_view message, std::string content_type) {
  Answer answer = error_answer(status, code, message);
  answer.content_type = std::move(content_type);
  answer.chunked = true;
  return answer;
}

bool may(Access access, Authority authority) {
  switch (access) {
    case Access::tenant:
      return authority == Authority::tenant_admin;
    case Access::users:
      return authority != Authority::sys_admin;
    case Access::admins:
      return authority != Authority::customer_user;
    case Access::sys_admin:
      return authority == Authority::sys_admin;
    default:
      return true;
  }
}

}  // namespace

Answer RestFront::answer(RestCall call) {
  // The faults' own endpoints stay reachable whatever is switched on.
  const bool is_control = call.path.starts_with("/sandbox/");
  const FaultEffect effect = is_control ? FaultEffect{} : faults_.take(call.method, call.path);
  wait(effect.delay);
  if (!effect.fault) return carry_out(call);

  const RestFault& fault = *effect.fault;
  Answer answer;
  // Half an answer needs a whole one first.
  if (fault.after_effect || (fault.cut == cut_half && !fault.status)) answer = carry_out(call);
  if (fault.status) answer = fault_answer(fault);
  if (!fault.cut.empty()) answer.headers.emplace_back(cut_header, fault.cut);
  return answer;
}

void RestFront::wait(std::chrono::milliseconds delay) {
  if (delay.count() <= 0) return;
  std::unique_lock lock(mutex_);
  stopped_.wait_for(lock, stop_.get_token(), delay, [] { return false; });
}

Answer RestFront::carry_out(RestCall& call) const {
  try {
    return route(call);
  } catch (const Refusal& refusal) {
    return refusal.answer();
  } catch (const nlohmann::json::exception& wrong) {
    // A member of a type we did not expect: the platform's mapper fails the same way.
    return error_answer(500, code_general, std::string("JSON parse error: ") + wrong.what());
  }
}

Answer RestFront::route(RestCall& call) const {
  const bool is_api = call.path.starts_with("/api/");
  Router::Match match = router_.find(call.method, call.path);
  if (match.route == nullptr && !is_api) {
    return spring_error(404, code_not_found, "No static resource index.html.",
                        "application/json;charset=UTF-8");
  }
  if (match.route == nullptr || match.route->access != Access::open) {
    call.caller = authenticate(call);
    platform_.rest_limits.spend(call.caller->user.authority);
  }
  if (match.route == nullptr && !match.allowed.empty()) {
    Answer answer =
        spring_error(405, code_bad_request, "Request method '" + call.method + "' is not supported",
                     "application/json");
    answer.headers.emplace_back("Allow", match.allowed);
    return answer;
  }
  if (match.route == nullptr) {
    return spring_error(404, code_not_found, "No static resource " + call.path.substr(1) + ".",
                        "application/json");
  }
  if (call.caller && !may(match.route->access, call.caller->user.authority)) {
    throw Refusal(403, code_permission_denied,
                  "You don't have permission to perform this operation!");
  }
  call.path_values = std::move(match.values);
  Answer answer = match.route->handler(call);
  // The filter runs again when an asynchronous controller is done: these calls cost two tokens, and
  // can be refused with their effect behind them.
  if (call.path.starts_with("/api/plugins/telemetry/")) {
    platform_.rest_limits.spend(call.caller->user.authority);
  }
  return answer;
}

Caller RestFront::authenticate(const RestCall& call) const {
  const std::string& header =
      call.x_authorization.empty() ? call.authorization : call.x_authorization;
  if (header.empty()) throw authentication_failed();
  if (header.starts_with(api_key) && header.size() > api_key.size()) {
    throw Refusal(401, code_authentication, "Invalid username or password");  // no key is known
  }
  if (!header.starts_with(bearer) || header.size() <= bearer.size()) {
    throw redirect_to_login(call);
  }
  return platform_.accounts.authenticate(header.substr(bearer.size()));
}

}  // namespace stresskit::sandbox
