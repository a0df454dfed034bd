#pragma once

#include "stresskit/metrics/event.hpp"
#include "stresskit/metrics/histograms.hpp"
#include "stresskit/metrics/snapshot.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace stresskit::metrics {

/// What became of each device's message in one burst, by index in the fleet.
struct BurstOutcomes {
  std::uint64_t k = 0;
  std::vector<Outcome> outcomes;
};

/// What came on top since the snapshot before: for the files of a run that only grow.
struct News {
  std::vector<BurstRow> bursts;         ///< written, or settled, since
  std::vector<BurstOutcomes> outcomes;  ///< of the bursts that were settled
  Histograms histograms;
  std::vector<Event> events;
  std::vector<std::string> names;  ///< of all devices, with the first snapshot only
  std::vector<DeviceRow> devices;  ///< all of them, with the last snapshot only
};

}  // namespace stresskit::metrics
