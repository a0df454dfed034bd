#pragma once

#include "stresskit/metrics/snapshot.hpp"

#include <string>

namespace stresskit::metrics {

/// The messages that had no answer when the run ended, and how long one had waited for it then:
/// "5 of 100, the last of them due 3.2 s before the run ended". Empty when there are none. Pure.
[[nodiscard]] std::string never_answered(const Snapshot& snapshot);

/// The same after another sentence: "; never answered: 5 of 100, ...".
[[nodiscard]] std::string and_never_answered(const Snapshot& snapshot);

}  // namespace stresskit::metrics
