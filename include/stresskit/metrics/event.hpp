#pragma once

#include "stresskit/fleet/failure.hpp"
#include "stresskit/metrics/figures.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace stresskit::metrics {

/// Something that happened in a run: a row of `events.ndjson`. Which fields are set depends on
/// `type`; docs/formats.md has the table.
struct Event {
  enum class Type { phase, device, failure, collapse, recovery, threshold };

  double at_s = 0;  ///< since the start of the run
  Type type = Type::phase;
  std::string words;                            ///< phase: "running/bursting"; threshold: its text
  std::string actual;                           ///< threshold: the figure that crossed it
  double since_due_s = 0;                       ///< collapse, recovery: since the first due time
  std::uint64_t device = 0;                     ///< device: its index
  DeviceState state = DeviceState::connecting;  ///< device
  std::optional<fleet::Failure> failure;        ///< device (when it failed or was lost), failure
  std::uint64_t count = 0;                      ///< failure: how many so far
};

}  // namespace stresskit::metrics
