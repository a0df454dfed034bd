#include "stresskit/thingsboard/error.hpp"

#include <fmt/format.h>

namespace stresskit::thingsboard {

namespace {

std::string_view reason(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::stopped:
      return "stopped";
    case ErrorKind::resolve:
      return "unknown host name";
    case ErrorKind::refused:
      return "connection refused";
    case ErrorKind::network:
      return "no connection";
    case ErrorKind::tls:
      return "no secure connection";
    case ErrorKind::untrusted:
      return "the server's certificate is not trusted";
    case ErrorKind::timed_out:
      return "timed out";
    case ErrorKind::connection_cut:
      return "connection cut";
    case ErrorKind::not_thingsboard:
      return "no ThingsBoard answers there";
    case ErrorKind::redirected:
      return "redirected";
    case ErrorKind::bad_answer:
      return "unreadable answer";
    case ErrorKind::wrong_password:
      return "wrong user name or password";
    case ErrorKind::account_inactive:
      return "the account is not active or locked";
    case ErrorKind::password_expired:
      return "the password has expired";
    case ErrorKind::second_factor:
      return "the account asks for a second factor";
    case ErrorKind::session_refused:
      return "the server refuses the token it gave";
    case ErrorKind::forbidden:
      return "not permitted";
    case ErrorKind::not_found:
      return "not found";
    case ErrorKind::name_taken:
      return "the name is taken";
    case ErrorKind::token_taken:
      return "the access token is taken";
    case ErrorKind::limit_reached:
      return "device limit reached";
    case ErrorKind::stale_version:
      return "changed by somebody else";
    case ErrorKind::rejected:
      return "refused";
    case ErrorKind::rate_limited:
      return "rate limit";
    case ErrorKind::unavailable:
      return "server not available";
    case ErrorKind::server_error:
      return "server error";
  }
  return "unknown";
}

/// What a person can try; empty: nothing beyond what was said.
std::string advice(const ApiError& error, const config::ThingsBoard& server) {
  switch (error.kind) {
    case ErrorKind::resolve:
      return "check the host name in TB_URL";
    case ErrorKind::refused:
      return "check host and port in TB_URL, and whether the server is running";
    case ErrorKind::network:
    case ErrorKind::connection_cut:
      return "check TB_URL, and what lies between here and the server";
    case ErrorKind::timed_out:
      return "check TB_URL and firewalls, or raise TB_TIMEOUT";
    case ErrorKind::tls:
      if (error.message.find("wrong version number") != std::string::npos ||
          error.message.find("packet length") != std::string::npos) {
        return "that port does not speak TLS: try http:// in TB_URL";
      }
      return "check the port in TB_URL, and what lies between here and the server";
    case ErrorKind::untrusted:
      if (error.message.find("alternative") != std::string::npos) {
        return "the certificate is for another host name: use that name in TB_URL";
      }
      return "set TB_CA_FILE to the authority that signed the server's certificate";
    case ErrorKind::not_thingsboard:
    case ErrorKind::bad_answer:
      return "check host, port and path in TB_URL";
    case ErrorKind::redirected:
      return "put the address the server points to into TB_URL";
    case ErrorKind::wrong_password:
      return "check TB_USERNAME and TB_PASSWORD";
    case ErrorKind::account_inactive:
      return "activate or unlock the account in ThingsBoard";
    case ErrorKind::password_expired:
      return "set a new password in ThingsBoard and in TB_PASSWORD";
    case ErrorKind::second_factor:
      return "use an account without two-factor authentication";
    case ErrorKind::session_refused:
      return "check the server's clock and its JWT settings";
    case ErrorKind::forbidden:
      return fmt::format("\"{}\" must be a tenant administrator", server.username);
    case ErrorKind::rate_limited:
      return "wait, or raise the tenant's REST limit";
    case ErrorKind::unavailable:
      return "wait until the server behind the proxy is up";
    default:
      return {};
  }
}

std::string codes(const ApiError& error) {
  if (error.error_code != 0) {
    return fmt::format(" ({}, code {})", error.http_status, error.error_code);
  }
  return error.http_status != 0 ? fmt::format(" ({})", error.http_status) : std::string();
}

/// Whether our name for the kind says all that the server's words say.
bool says_it_all(ErrorKind kind) {
  return kind == ErrorKind::wrong_password || kind == ErrorKind::account_inactive ||
         kind == ErrorKind::password_expired || kind == ErrorKind::second_factor;
}

std::string cause(const ApiError& error) {
  if (error.message.empty() || says_it_all(error.kind)) {
    return std::string(reason(error.kind));
  }
  return fmt::format("{}: {}", reason(error.kind), error.message);
}

}  // namespace

bool is_transient(ErrorKind kind) {
  return kind == ErrorKind::timed_out || kind == ErrorKind::connection_cut ||
         kind == ErrorKind::rate_limited || kind == ErrorKind::unavailable;
}

bool is_unreached(ErrorKind kind) {
  return kind == ErrorKind::resolve || kind == ErrorKind::refused || kind == ErrorKind::network ||
         kind == ErrorKind::tls;
}

bool may_have_happened(ErrorKind kind) {
  return kind == ErrorKind::timed_out || kind == ErrorKind::connection_cut ||
         kind == ErrorKind::unavailable;
}

bool is_log_in_failure(ErrorKind kind) {
  return kind == ErrorKind::wrong_password || kind == ErrorKind::account_inactive ||
         kind == ErrorKind::password_expired || kind == ErrorKind::second_factor ||
         kind == ErrorKind::session_refused;
}

std::string to_string(const ApiError& error) {
  return cause(error) + codes(error);
}

std::string explain(const ApiError& error, const config::ThingsBoard& server) {
  const bool log_in = error.request.ends_with("/api/auth/login");
  std::string out =
      log_in ? fmt::format("cannot log in to {} as \"{}\": ", server.url, server.username)
             : fmt::format("{} failed at {}: ", error.request, server.url);
  out += to_string(error);
  if (const std::string what = advice(error, server); !what.empty()) {
    out += "; " + what;
  }
  return out;
}

}  // namespace stresskit::thingsboard
