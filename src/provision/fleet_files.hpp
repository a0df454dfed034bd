#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/fleet/devices_csv.hpp"
#include "stresskit/support/result.hpp"

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace stresskit::provision {

/// `tokens.json` and `devices.csv` of the current fleet. Begins with what earlier runs left of it,
/// so that no token of its devices is lost however this run ends; nothing is written before
/// something new is known.
///
/// Threads: all workers may report; one thread saves, and holds nobody up while it writes.
class FleetFiles {
 public:
  /// Reads what is there. A broken file is said and passed over.
  FleetFiles(const config::Data& data, const config::Fleet& fleet);

  /// Everything is known of the device with this number.
  void put(std::uint32_t index, fleet::DeviceRow row);
  /// The device does not exist, and could not be made.
  void forget(std::uint32_t index);

  /// Writes both files if something is new.
  [[nodiscard]] support::Result<void> save();

  /// How many devices of the files found at the start have another prefix.
  [[nodiscard]] std::uint32_t strangers() const { return strangers_; }

 private:
  void read_tokens();
  void read_rows();

  const config::Data data_;
  const std::string prefix_;
  std::uint32_t strangers_ = 0;

  std::mutex mutex_;
  // State below is guarded by mutex_.
  std::vector<std::optional<fleet::DeviceRow>> rows_;  // by index - 1
  bool dirty_ = false;
};

}  // namespace stresskit::provision
