#pragma once

#include "stresskit/thingsboard/client.hpp"
#include "stresskit/thingsboard/retry.hpp"

namespace stresskit::provision {

/// Logs in and checks that the account may make and delete devices. Throws support::Error when it
/// cannot: unreachable with an explanation, partial when a stop came first.
void log_in(thingsboard::Client& client, thingsboard::Retry& retry,
            const thingsboard::Session& session);

/// The same for a later call without which nothing can be done at all: unreachable when it was the
/// way to the server or the account, failed when the server could not answer it.
[[noreturn]] void fail_with(const thingsboard::ApiError& error, const config::ThingsBoard& server);

}  // namespace stresskit::provision
