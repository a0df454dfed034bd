#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/support/clock.hpp"
#include "stresskit/support/result.hpp"

#include <cstddef>

namespace stresskit::metrics {

/// Puts `metrics.json` back to `idle` with a friendly message, as provisioning leaves it. The
/// caller makes sure that no run is active.
[[nodiscard]] support::Result<void> write_idle(const config::Data& data, std::size_t device_count,
                                               support::Clock& clock);

}  // namespace stresskit::metrics
