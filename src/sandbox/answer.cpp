#include "sandbox/answer.hpp"

#include "sandbox/ids.hpp"
#include "sandbox/server_clock.hpp"

#include <nlohmann/json.hpp>

namespace stresskit::sandbox {

Answer json_answer(const nlohmann::json& body) {
  return {200, "application/json", body.dump(), true, {}};
}

Answer login_answer(const nlohmann::json& body) {
  return {200, "application/json;charset=ISO-8859-1", body.dump(), false, {}};
}

Answer error_answer(int status, int code, std::string_view message) {
  const nlohmann::json body{
      {"status", status}, {"message", message}, {"errorCode", code}, {"timestamp", now_ms()}};
  // A message may quote what the client sent, valid UTF-8 or not.
  return {status,
          "application/json;charset=ISO-8859-1",
          body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
          false,
          {}};
}

Answer text_answer(int status, std::string text) {
  return {status, "text/plain;charset=UTF-8", std::move(text), false, {}};
}

Answer empty_answer() {
  return {};
}

Refusal::Refusal(int status, int code, std::string_view message)
    : answer_(error_answer(status, code, message)) {}

}  // namespace stresskit::sandbox
