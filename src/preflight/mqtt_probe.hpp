#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/fleet/device.hpp"
#include "stresskit/fleet/failure.hpp"
#include "stresskit/mqtt/connections.hpp"
#include "stresskit/support/result.hpp"

#include <optional>
#include <stop_token>
#include <string>

namespace stresskit::preflight {

/// Connects as `device`, and disconnects cleanly. Waits no longer than the connect time-out.
/// Throws what making the connections throws.
[[nodiscard]] support::Result<mqtt::ConnectTimes, fleet::Failure> try_to_connect(
    const config::Mqtt& settings, const fleet::Device& device, support::Clock& clock,
    std::stop_token stop);

/// What went wrong in one sentence, and what to try.
[[nodiscard]] std::string explain(const fleet::Failure& failure, const config::Mqtt& settings,
                                  const std::string& device);

}  // namespace stresskit::preflight
