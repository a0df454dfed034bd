#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stresskit::fleet {

/// A simulated device as the run needs it.
struct Device {
  std::string name;   ///< "sim-001"
  std::string token;  ///< its ThingsBoard access token: a secret
  std::string id{};   ///< ThingsBoard's UUID; empty when `devices.csv` does not say
};

/// "sim-001" ... "sim-999", "sim-1000": prefix, dash, index from 1 with at least three digits.
[[nodiscard]] std::string device_name(std::string_view prefix, std::uint32_t index);

/// The index in a name made by `device_name` with this prefix; nothing for any other name.
/// "sim-001" has one for "sim", "sim-1" and "simulator-001" have none.
[[nodiscard]] std::optional<std::uint32_t> device_index(std::string_view prefix,
                                                        std::string_view name);

/// Orders names by their number, not by their digits: sim-999 before sim-1000.
[[nodiscard]] bool name_less(std::string_view a, std::string_view b);

}  // namespace stresskit::fleet
