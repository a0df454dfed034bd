#include "stresskit/thingsboard/session.hpp"

#include "thingsboard/classify.hpp"
#include "thingsboard/http.hpp"
#include "thingsboard/json.hpp"
#include "thingsboard/jwt.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace stresskit::thingsboard {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;

/// How long before its end a token is renewed: a tenth of its life, a minute at most.
support::Mono::duration margin(std::chrono::seconds life_time) {
  return std::min<support::Mono::duration>(support::Mono::duration(life_time) / 10, 60s);
}

/// `secret` is in the body, so no message may show it.
HttpRequest post_secret(std::string path, const json& body, const std::string& secret) {
  // Credentials are bytes as the user gave them: what is no UTF-8 will simply not match.
  HttpRequest request =
      post(std::move(path), body.dump(-1, ' ', false, json::error_handler_t::replace));
  request.secret = secret;
  return request;
}

}  // namespace

Session::Session(config::ThingsBoard server, support::Clock& clock)
    : server_(std::move(server)), clock_(clock) {}

std::string Session::authority() const {
  const std::lock_guard lock(mutex_);
  return authority_;
}

Answer<std::string> Session::token(Http& http) {
  const std::lock_guard lock(mutex_);
  if (dead_) {
    return support::failure(*dead_);
  }
  if (token_.empty()) {
    return log_in(http);
  }
  return needs_refresh() ? refresh(http) : Answer<std::string>(token_);
}

Answer<std::string> Session::renew(Http& http, const std::string& refused) {
  const std::lock_guard lock(mutex_);
  if (dead_) {
    return support::failure(*dead_);
  }
  if (token_ != refused) {
    return token_;  // another client was faster
  }
  if (accepted_) {
    return refresh(http);
  }
  if (!from_log_in_) {
    return log_in(http);
  }
  ApiError error;
  error.kind = ErrorKind::session_refused;
  error.http_status = 401;
  error.message = "a token fresh from the log-in is called expired";
  error.request = "POST /api/auth/login";
  return give_up(std::move(error));
}

void Session::accepted(const std::string& token) {
  const std::lock_guard lock(mutex_);
  accepted_ = accepted_ || token == token_;
}

bool Session::needs_refresh() const {
  return refresh_at_ && clock_.now() >= *refresh_at_;
}

Answer<std::string> Session::log_in(Http& http) {
  // Exactly these fields: the server's reader of log-ins refuses any other.
  const HttpRequest request = post_secret(
      "/api/auth/login", {{"username", server_.username}, {"password", server_.password}},
      server_.password);
  const Answer<HttpAnswer> answer = http.send(request, {});
  if (!answer) {
    return support::failure(answer.error());
  }
  if (answer->status < 200 || answer->status > 299) {
    ApiError error = classify(request, *answer, Purpose::log_in);
    return is_log_in_failure(error.kind) ? give_up(std::move(error))
                                         : support::failure(std::move(error));
  }
  const json pair = json::parse(answer->body, nullptr, false);
  if (pair.is_object() && !text_or_empty(pair, "scope").empty()) {
    // Two-factor authentication answers 200 with a token that is good for nothing else.
    ApiError error = unreadable(request, *answer, Purpose::log_in);
    error.kind = ErrorKind::second_factor;
    return give_up(std::move(error));
  }
  if (!pair.is_object() || text_or_empty(pair, "token").empty()) {
    return support::failure(unreadable(request, *answer, Purpose::log_in));
  }
  return take(text_or_empty(pair, "token"), text_or_empty(pair, "refreshToken"), true);
}

Answer<std::string> Session::refresh(Http& http) {
  if (refresh_token_.empty()) {
    return log_in(http);
  }
  const HttpRequest request =
      post_secret("/api/auth/token", {{"refreshToken", refresh_token_}}, refresh_token_);
  const Answer<HttpAnswer> answer = http.send(request, {});
  if (!answer) {
    return support::failure(answer.error());
  }
  if (answer->status < 200 || answer->status > 299) {
    ApiError error = classify(request, *answer, Purpose::refresh);
    return is_transient(error.kind) ? support::failure(std::move(error)) : log_in(http);
  }
  const json pair = json::parse(answer->body, nullptr, false);
  if (!pair.is_object() || text_or_empty(pair, "token").empty()) {
    return log_in(http);
  }
  return take(text_or_empty(pair, "token"), text_or_empty(pair, "refreshToken"), false);
}

std::string Session::take(std::string token, std::string refresh_token, bool by_log_in) {
  const Claims claims = read_claims(token);
  token_ = std::move(token);
  refresh_token_ = std::move(refresh_token);
  authority_ = claims.authority;
  from_log_in_ = by_log_in;
  accepted_ = false;
  refresh_at_.reset();
  if (claims.life_time) {
    refresh_at_ = clock_.now() + *claims.life_time - margin(*claims.life_time);
  }
  return token_;
}

tl::unexpected<ApiError> Session::give_up(ApiError error) {
  dead_ = error;
  return support::failure(std::move(error));
}

}  // namespace stresskit::thingsboard
