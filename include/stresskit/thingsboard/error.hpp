#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/support/result.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace stresskit::thingsboard {

/// What a call failed of: what callers decide by. Status and code alone do not tell (name and token
/// conflicts share both), so one place looks at everything and gives it one of these names.
enum class ErrorKind {
  stopped,  ///< our own stop came first

  // The server was not reached, or its answer was not.
  resolve,         ///< no such host name
  refused,         ///< nobody listens on that port
  network,         ///< no way to the host
  tls,             ///< no TLS on that port, or cut in the handshake
  untrusted,       ///< the server's certificate is not one we trust
  timed_out,       ///< no answer in time: it may have taken effect
  connection_cut,  ///< closed in the middle: it may have taken effect

  // Something answered that is not ThingsBoard's REST interface.
  not_thingsboard,
  redirected,  ///< 3xx; `message` is the place it points to
  bad_answer,  ///< a success whose body is not what was asked for

  // Who we are.
  wrong_password,
  account_inactive,  ///< disabled, not activated or locked
  password_expired,
  second_factor,    ///< the account wants a second factor
  session_refused,  ///< the server refuses the token it has just given
  forbidden,        ///< the account's role does not allow it

  // What was asked.
  not_found,
  name_taken,
  token_taken,    ///< the access token belongs to another device of the server
  limit_reached,  ///< the tenant's quota of devices
  stale_version,  ///< changed by somebody else meanwhile
  rejected,       ///< any other 4xx

  // The server at this moment.
  rate_limited,  ///< 429
  unavailable,   ///< 502, 503, 504
  server_error,  ///< any other 5xx, ThingsBoard's own 500 included
};

struct ApiError {
  ErrorKind kind = ErrorKind::network;
  int http_status = 0;  ///< 0: there was no answer
  int error_code = 0;   ///< ThingsBoard's `errorCode`, 0: none
  std::string message;  ///< the words of the server or of the library; never a secret
  std::string request;  ///< "POST /api/device", without parameters
  std::optional<std::chrono::seconds> retry_after;
};

template <class T>
using Answer = support::Result<T, ApiError>;

/// Whether the same call may succeed a little later: time-outs, cut connections, 429, 502, 503,
/// 504. Never ThingsBoard's own 500, which is most often a bad request.
[[nodiscard]] bool is_transient(ErrorKind kind);

/// Whether there was no connection to send the call over. At the first call that is most often a
/// wrong setting; of a server that was reached before, it or the way to it is gone for a while.
[[nodiscard]] bool is_unreached(ErrorKind kind);

/// Whether the call may have taken effect although it failed.
[[nodiscard]] bool may_have_happened(ErrorKind kind);

/// Whether no call of this session can succeed any more.
[[nodiscard]] bool is_log_in_failure(ErrorKind kind);

/// Short, for lists: "Devices limit reached (403, code 41)", "timed out: Operation timed out ...".
[[nodiscard]] std::string to_string(const ApiError& error);

/// One sentence for a person, with what to try: "cannot log in to http://tb:8080 as "a@b": wrong
/// user name or password (401, code 10); check TB_USERNAME and TB_PASSWORD".
[[nodiscard]] std::string explain(const ApiError& error, const config::ThingsBoard& server);

}  // namespace stresskit::thingsboard
