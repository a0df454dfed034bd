#pragma once

#include "metrics/rows.hpp"

#include "stresskit/metrics/server_side.hpp"

namespace stresskit::metrics {

/// The object `server` of `metrics.json`.
[[nodiscard]] Json server_json(const ServerSide& server, bool usage_is_complete);

}  // namespace stresskit::metrics
