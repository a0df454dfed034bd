#pragma once

#include "stresskit/metrics/snapshot.hpp"

#include <string>

namespace stresskit::metrics {

/// A side, and the figures that name it.
struct NamedSide {
  Side side = Side::unknown;
  std::string because;
};

/// Which side behind the acknowledgement (queue, rule engine, database) held messages up or lost
/// them, given that one did; `unknown` with the way to find out when no figure tells. Pure.
[[nodiscard]] NamedSide behind_the_ack(const Snapshot& snapshot);

}  // namespace stresskit::metrics
