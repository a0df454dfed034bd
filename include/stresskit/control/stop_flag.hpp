#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/support/result.hpp"

namespace stresskit::control {

/// `data/stop.flag`: its existence asks the active run to stop, so a bare `touch` works too.
[[nodiscard]] support::Result<void> raise_stop_flag(const config::Data& data);
[[nodiscard]] bool stop_flag_raised(const config::Data& data);
void remove_stop_flag(const config::Data& data);

}  // namespace stresskit::control
