#pragma once

#include "stresskit/support/result.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace stresskit::fleet {

/// A row of `devices.csv`.
struct DeviceRow {
  std::string device_id;  ///< ThingsBoard's UUID
  std::string name;
  std::string label;
  std::string access_token;
};

/// Reads `devices.csv` (RFC 4180, header `device_id,name,label,access_token`). The error names the
/// line that cannot be read.
[[nodiscard]] support::Result<std::vector<DeviceRow>> read_devices_csv(
    const std::filesystem::path& path);

/// Replaces `devices.csv`, mode 0600, fields quoted where RFC 4180 asks for it.
[[nodiscard]] support::Result<void> write_devices_csv(const std::filesystem::path& path,
                                                      const std::vector<DeviceRow>& rows);

}  // namespace stresskit::fleet
