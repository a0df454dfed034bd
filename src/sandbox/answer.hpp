#pragma once

#include <nlohmann/json_fwd.hpp>

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stresskit::sandbox {

/// What goes back over REST, before anything of HTTP.
struct Answer {
  int status = 200;
  std::string content_type;  ///< empty: no body, no Content-Type
  std::string body;
  bool chunked = false;  ///< as the platform's controllers send their bodies
  std::vector<std::pair<std::string, std::string>> headers;
};

/// A controller's answer: `application/json`, chunked.
[[nodiscard]] Answer json_answer(const nlohmann::json& body);

/// What login and refresh send: with a charset and a length.
[[nodiscard]] Answer login_answer(const nlohmann::json& body);

/// `{"status","message","errorCode","timestamp"}`, the error handler's form.
[[nodiscard]] Answer error_answer(int status, int code, std::string_view message);

/// The plain text errors of the telemetry controller.
[[nodiscard]] Answer text_answer(int status, std::string text);

/// 200 without a body.
[[nodiscard]] Answer empty_answer();

/// Thrown anywhere below a controller and turned into its answer in one place. The platform works
/// the same way, and half of what this room does is refusing: as return values, the refusals would
/// bury the rules.
class Refusal : public std::exception {
 public:
  explicit Refusal(Answer answer) : answer_(std::move(answer)) {}
  Refusal(int status, int code, std::string_view message);

  [[nodiscard]] const Answer& answer() const { return answer_; }
  [[nodiscard]] const char* what() const noexcept override { return "refused"; }

 private:
  Answer answer_;
};

// The platform's error codes (ThingsboardErrorCode.java), as far as the sandbox sends them.
inline constexpr int code_general = 2;
inline constexpr int code_authentication = 10;
inline constexpr int code_token_expired = 11;
inline constexpr int code_permission_denied = 20;
inline constexpr int code_bad_request = 31;
inline constexpr int code_not_found = 32;
inline constexpr int code_too_many_requests = 33;
inline constexpr int code_version_conflict = 35;
inline constexpr int code_limit_exceeded = 41;
inline constexpr int code_database = 46;

[[nodiscard]] inline Refusal bad_request(std::string_view message) {
  return {400, code_bad_request, message};
}

}  // namespace stresskit::sandbox
