#include "verification/rest_trouble.hpp"

#include <fmt/format.h>

namespace stresskit::verification {

using thingsboard::ErrorKind;

bool concerns_everybody(ErrorKind kind) {
  return thingsboard::is_transient(kind) || thingsboard::is_unreached(kind) ||
         thingsboard::is_log_in_failure(kind) || kind == ErrorKind::forbidden ||
         kind == ErrorKind::untrusted || kind == ErrorKind::not_thingsboard ||
         kind == ErrorKind::redirected;
}

std::string in_words(const thingsboard::ApiError& error, const thingsboard::Session& session) {
  if (error.kind == ErrorKind::forbidden) {
    return fmt::format(
        "\"{}\" is {} and has no right to read the telemetry of these devices: log in as a tenant "
        "administrator",
        session.server().username, session.authority());
  }
  return thingsboard::explain(error, session.server());
}

}  // namespace stresskit::verification
