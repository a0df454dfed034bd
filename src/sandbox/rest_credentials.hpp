#pragma once

#include "sandbox/devices.hpp"

#include <nlohmann/json_fwd.hpp>

namespace stresskit::sandbox {

/// Credentials as a client sends them; refused as the platform refuses them.
[[nodiscard]] Credentials read_credentials(const nlohmann::json& body);

}  // namespace stresskit::sandbox
