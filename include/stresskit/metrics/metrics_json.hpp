#pragma once

#include "stresskit/metrics/snapshot.hpp"

#include <string>

namespace stresskit::metrics {

/// The snapshot as `metrics.json` holds it: docs/formats.md names every key. Names with bytes that
/// are no UTF-8 are written with the replacement character, never refused.
[[nodiscard]] std::string to_json(const Snapshot& snapshot);

}  // namespace stresskit::metrics
