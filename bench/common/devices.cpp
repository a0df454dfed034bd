#include "common/devices.hpp"

#include <fmt/format.h>

namespace bench {

std::vector<stresskit::fleet::Device> make_devices(std::uint32_t count) {
  std::vector<stresskit::fleet::Device> devices;
  devices.reserve(count);
  for (std::uint32_t i = 1; i <= count; ++i) {
    devices.push_back(
        {stresskit::fleet::device_name("sim", i), fmt::format("bench-token-{:08}", i)});
  }
  return devices;
}

}  // namespace bench
