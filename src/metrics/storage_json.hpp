#pragma once

#include "metrics/rows.hpp"

#include "stresskit/metrics/storage.hpp"

namespace stresskit::metrics {

/// The object `verification` of `metrics.json`, `summary.json` and `verification.json`.
[[nodiscard]] Json storage_json(const Storage& storage);

/// Adds `stored`, `missing_acknowledged` and `stored_unacknowledged` to the totals.
void put_storage_totals(Json& totals, const Storage& storage);

}  // namespace stresskit::metrics
