#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/fleet/device.hpp"
#include "stresskit/support/result.hpp"

#include <chrono>
#include <stop_token>
#include <string>

namespace stresskit::mqtt {

/// Asks the server something as `device`, over a connection of its own that ends with the answer: a
/// remote procedure call on `v1/devices/me/rpc/request/1`
/// (https://thingsboard.io/docs/reference/mqtt-api/#client-side-rpc). The device must not be
/// connected otherwise: ThingsBoard keeps one session a device.
///
/// Returns the payload of the answer, or why there is none. All steps together, from connecting to
/// the answer, take no longer than `timeout`, and end soon after a stop is requested. Speaks MQTT
/// 3.1.1 whatever engine and version the settings name, so no engine needs to subscribe.
[[nodiscard]] support::Result<std::string> request(const config::Mqtt& settings,
                                                   const fleet::Device& device,
                                                   const std::string& payload,
                                                   std::chrono::milliseconds timeout,
                                                   std::stop_token stop);

}  // namespace stresskit::mqtt
