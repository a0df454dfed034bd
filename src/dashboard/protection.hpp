#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace stresskit::dashboard {

// What tells a browser to do nothing with an answer but show it. Every answer carries these.

inline constexpr const char* page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A report carries its styles and pictures inside, and has no scripts and no need of a network.
inline constexpr const char* report_policy =
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

/// A whole answer for a request that is not understood: "400 Bad Request". It has no body and ends
/// the connection.
inline std::string refusal(std::string_view status) {
  return fmt::format(
      "HTTP/1.1 {}\r\nConnection: close\r\nContent-Length: 0\r\nContent-Security-Policy: {}\r\n"
      "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n\r\n",
      status, page_policy);
}

}  // namespace stresskit::dashboard
