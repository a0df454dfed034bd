#pragma once

#include "stresskit/thingsboard/error.hpp"
#include "stresskit/thingsboard/session.hpp"

#include <string>

namespace stresskit::verification {

/// Whether the server, rather than this one device, is the trouble.
[[nodiscard]] bool concerns_everybody(thingsboard::ErrorKind kind);

/// What is wrong, for a person: which right is missing, or what to try.
[[nodiscard]] std::string in_words(const thingsboard::ApiError& error,
                                   const thingsboard::Session& session);

}  // namespace stresskit::verification
