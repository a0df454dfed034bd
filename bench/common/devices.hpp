#pragma once

#include "stresskit/fleet/device.hpp"

#include <cstdint>
#include <vector>

namespace bench {

/// A fleet as `provision` would have left it: sim-001 and so on, tokens of the usual length.
[[nodiscard]] std::vector<stresskit::fleet::Device> make_devices(std::uint32_t count);

}  // namespace bench
