#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/fleet/device.hpp"

#include <vector>

namespace stresskit::burst {

/// The devices of a run: all of `tokens.json`, or the first DEVICE_COUNT by index when that was
/// given and is smaller (larger: a warning). Throws support::Error(usage), which says to provision
/// first, when the file is missing or cannot be used.
[[nodiscard]] std::vector<fleet::Device> choose_devices(const config::Data& data,
                                                        const config::Fleet& wish);

}  // namespace stresskit::burst
