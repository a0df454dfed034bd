#pragma once

#include "thingsboard/http.hpp"

namespace stresskit::thingsboard {

/// What a request was for, as far as it changes the meaning of an answer.
enum class Purpose {
  log_in,  ///< 401 is about the password
  refresh,
  call,
  telemetry,  ///< this controller answers errors as bare text
};

/// Whether the server calls our token expired, or signed by somebody else: 401 with code 11.
[[nodiscard]] bool is_expired_token(const HttpAnswer& answer);

/// Why `answer`, which is no 2xx, is one: pure, the table of section "REST errors" of
/// https://thingsboard.io/docs/reference/rest-api/ as a live server answers it.
[[nodiscard]] ApiError classify(const HttpRequest& request, const HttpAnswer& answer,
                                Purpose purpose);

/// A 2xx whose body is not what was asked for: HTML comes from something that is no ThingsBoard.
[[nodiscard]] ApiError unreadable(const HttpRequest& request, const HttpAnswer& answer,
                                  Purpose purpose);

}  // namespace stresskit::thingsboard
