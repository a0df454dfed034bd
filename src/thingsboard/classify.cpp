#include "thingsboard/classify.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <initializer_list>

namespace stresskit::thingsboard {

namespace {

// ThingsBoard's ThingsboardErrorCode.
constexpr int code_token_expired = 11;
constexpr int code_credentials_expired = 15;
constexpr int code_limit_exceeded = 41;
constexpr int code_password_violation = 45;

/// An error body, read leniently: controllers answer JSON, telemetry answers bare text, proxies
/// HTML, and a 401 may have no body at all.
struct Body {
  bool json_error = false;  ///< ThingsBoard's own error object
  int code = 0;
  std::string message;
};

bool is_html(const HttpAnswer& answer) {
  const std::size_t begin = answer.body.find_first_not_of(" \t\r\n");
  return answer.content_type.find("html") != std::string::npos ||
         (begin != std::string::npos && answer.body[begin] == '<');
}

/// The beginning of a text in one line, without control characters.
std::string one_line(std::string_view text) {
  constexpr std::size_t most = 200;
  std::string out(text.substr(0, most));
  while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0x80U) != 0 &&
         out.size() == most) {
    out.pop_back();  // a character cut in two
  }
  std::replace_if(
      out.begin(), out.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  return out;
}

Body read_body(const HttpAnswer& answer, const std::string& secret = {}) {
  // Before it is cut, so that no half of a secret stays.
  const auto shown = [&](const std::string& text) { return one_line(scrubbed(text, secret)); };
  Body body;
  const auto json = nlohmann::json::parse(answer.body, nullptr, false);
  if (json.is_object()) {
    const auto code = json.find("errorCode");
    const auto message = json.find("message");
    if (code != json.end() && code->is_number_integer()) {
      body.json_error = true;
      body.code = code->get<int>();
    }
    if (message != json.end() && message->is_string()) {
      body.message = shown(message->get_ref<const std::string&>());
    }
  } else if (json.is_string()) {
    body.message = shown(json.get_ref<const std::string&>());
  } else if (!is_html(answer)) {
    body.message = shown(answer.body);
  }
  return body;
}

bool has_any(const std::string& text, std::initializer_list<std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [&](std::string_view part) { return text.find(part) != std::string::npos; });
}

ErrorKind unauthorised(const Body& body, Purpose purpose) {
  if (!body.json_error) {
    return ErrorKind::not_thingsboard;  // a proxy that wants a log-in of its own
  }
  if (body.code == code_credentials_expired || body.code == code_password_violation) {
    return ErrorKind::password_expired;
  }
  if (has_any(body.message, {"not active", "locked"})) {
    return ErrorKind::account_inactive;
  }
  return purpose == Purpose::log_in ? ErrorKind::wrong_password : ErrorKind::session_refused;
}

/// Name conflict, token conflict and, before 4.3, quota share status and code: only the message
/// tells them apart.
ErrorKind bad_request(const Body& body) {
  if (has_any(body.message, {"such name already exists"})) {
    return ErrorKind::name_taken;
  }
  if (has_any(body.message, {"already assigned to another device", "already registered"})) {
    return ErrorKind::token_taken;
  }
  if (has_any(body.message, {"limit reached", "Can't create more then"})) {
    return ErrorKind::limit_reached;
  }
  return ErrorKind::rejected;
}

ErrorKind client_error(const HttpAnswer& answer, const Body& body, Purpose purpose) {
  if (answer.status == 429) {
    return ErrorKind::rate_limited;  // ThingsBoard's own or a proxy's
  }
  if (answer.status == 401) {
    return unauthorised(body, purpose);
  }
  const bool text_is_fine = purpose == Purpose::telemetry && !is_html(answer);
  // A log-in that is not even known there: the wrong path below the right server.
  const bool no_log_in =
      purpose == Purpose::log_in && (answer.status == 404 || answer.status == 405);
  if (no_log_in || (!body.json_error && !text_is_fine && answer.status != 413)) {
    return ErrorKind::not_thingsboard;
  }
  switch (answer.status) {
    case 400:
      return bad_request(body);
    case 403:
      return body.code == code_limit_exceeded ? ErrorKind::limit_reached : ErrorKind::forbidden;
    case 404:
      return ErrorKind::not_found;
    case 409:
      return ErrorKind::stale_version;
    default:
      return ErrorKind::rejected;
  }
}

ErrorKind kind_of(const HttpAnswer& answer, const Body& body, Purpose purpose) {
  if (answer.status >= 500) {
    const bool passing = answer.status >= 502 && answer.status <= 504;
    return passing ? ErrorKind::unavailable : ErrorKind::server_error;
  }
  if (answer.status >= 400) {
    return client_error(answer, body, purpose);
  }
  // ThingsBoard sends a request whose token it cannot read to its OAuth page.
  const bool to_log_in = answer.redirect.find("/oauth2Login") != std::string::npos;
  return to_log_in ? ErrorKind::session_refused : ErrorKind::redirected;
}

std::string words(const HttpAnswer& answer, const Body& body, ErrorKind kind) {
  if (kind == ErrorKind::redirected && !answer.redirect.empty()) {
    return scrubbed(answer.redirect, {});
  }
  if (!body.message.empty()) {
    return body.message;
  }
  if (is_html(answer)) {
    return fmt::format("an HTML page with status {}, as a proxy or another web server sends it",
                       answer.status);
  }
  return fmt::format("status {} without a reason", answer.status);
}

}  // namespace

bool is_expired_token(const HttpAnswer& answer) {
  return answer.status == 401 && read_body(answer).code == code_token_expired;
}

ApiError classify(const HttpRequest& request, const HttpAnswer& answer, Purpose purpose) {
  const Body body = read_body(answer, request.secret);
  ApiError error;
  error.kind = kind_of(answer, body, purpose);
  error.http_status = answer.status;
  error.error_code = body.code;
  error.message = words(answer, body, error.kind);
  error.request = describe(request);
  error.retry_after = answer.retry_after;
  return error;
}

ApiError unreadable(const HttpRequest& request, const HttpAnswer& answer, Purpose purpose) {
  ApiError error;
  // Whoever cannot log us in with a 200 is no ThingsBoard at all.
  error.kind = is_html(answer) || purpose == Purpose::log_in ? ErrorKind::not_thingsboard
                                                             : ErrorKind::bad_answer;
  error.http_status = answer.status;
  error.message = is_html(answer)       ? "an HTML page"
                  : answer.body.empty() ? "an empty answer"
                                        : "an answer that is not the JSON that was asked for";
  error.request = describe(request);
  return error;
}

}  // namespace stresskit::thingsboard
