#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/fleet/device.hpp"

#include <span>
#include <vector>

namespace stresskit::burst {

/// The devices of a run: all of `tokens.json`, or the first DEVICE_COUNT by index when that was
/// given and is smaller (larger: a warning), or as many as the largest stage has. Throws
/// support::Error(usage) when the file is missing or cannot be used (then it says to provision
/// first) and when a stage has more devices than there are.
[[nodiscard]] std::vector<fleet::Device> choose_devices(const config::Data& data,
                                                        const config::Fleet& wish,
                                                        const std::vector<config::Stage>& stages);

/// Those of them that take part in every burst: as many as the smallest stage has.
[[nodiscard]] std::span<const fleet::Device> in_every_burst(
    std::span<const fleet::Device> devices, const std::vector<config::Stage>& stages);

}  // namespace stresskit::burst
