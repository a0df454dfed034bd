#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/fleet/device.hpp"
#include "stresskit/preflight/limits.hpp"
#include "stresskit/support/clock.hpp"

#include <span>
#include <stop_token>
#include <vector>

namespace stresskit::preflight {

/// What a run is about to meet.
struct OutlookSetup {
  const config::ThingsBoard& server;  ///< without an address nothing is asked at all
  const config::Mqtt& mqtt;
  const config::Burst& burst;
  std::span<const fleet::Device>
      devices;           ///< at least one: the first asks for its session's limits
  bool stamped = false;  ///< messages carry their time and number
};

/// Asks the server for its version, its clock, the tenant's usage and the limits of a device, and
/// weighs the run against them. What cannot be read is a warning, never an error. Changes nothing;
/// takes at most some 10 s when nobody answers. A stop ends it at once, without findings.
[[nodiscard]] std::vector<Finding> look_ahead(const OutlookSetup& setup, support::Clock& clock,
                                              std::stop_token stop);

/// Each finding as a log line, a warning or not.
void log_findings(const std::vector<Finding>& findings);

}  // namespace stresskit::preflight
