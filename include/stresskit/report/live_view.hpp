#pragma once

#include "stresskit/metrics/snapshot.hpp"

#include <string>
#include <vector>

namespace stresskit::report {

/// A run at one moment as a block of lines for a terminal, always the same ones, so that nothing
/// jumps when it is redrawn in place.
[[nodiscard]] std::vector<std::string> live_view(const metrics::Snapshot& snapshot);

}  // namespace stresskit::report
