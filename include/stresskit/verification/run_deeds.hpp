#pragma once

#include "stresskit/support/result.hpp"
#include "stresskit/thingsboard/types.hpp"
#include "stresskit/verification/accounting.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace stresskit::verification {

/// What a run did, message by message, as its archive says.
struct RunDeeds {
  struct Device {
    std::string name;
    std::string id;  ///< ThingsBoard's; empty when it is not known
  };
  struct Burst {
    std::uint64_t k = 0;
    double due = 0;  ///< unix seconds
  };

  std::vector<Device> devices;  ///< by index in the fleet
  std::vector<Burst> bursts;    ///< those whose messages are known, in order
  std::vector<std::vector<metrics::Outcome>> outcomes;  ///< by burst, then by device
  double interval_sec = 0;
  bool stamped = false;  ///< its messages carry the number of their burst

  /// What one device did.
  [[nodiscard]] Deeds of(std::size_t device) const;

  /// The time range that holds the messages' own times and nothing of another run.
  /// REQUIRES: there is a burst.
  [[nodiscard]] thingsboard::TimeRange range() const;
};

/// Reads the archive in `folder`. An error when the devices or the messages of the run are not
/// known any more.
[[nodiscard]] support::Result<RunDeeds> read_deeds(const std::filesystem::path& folder);

}  // namespace stresskit::verification
