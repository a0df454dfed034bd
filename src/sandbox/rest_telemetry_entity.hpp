#pragma once

#include "sandbox/platform.hpp"
#include "sandbox/rest_call.hpp"

#include <string>
#include <vector>

namespace stresskit::sandbox {

/// The entity a telemetry path is about. Only devices have data here; other entity types are
/// unknown words.
[[nodiscard]] std::string require_entity(const std::string& type, const std::string& id);

/// The platform's AccessValidator: the plain text refusals of a system administrator's call and of
/// an unknown device. It comes after the checks of the request itself.
void require_access(const Platform& platform, const RestCall& call, const std::string& device);

/// `keys=a,b` and repeated `key=`, in the order given, without empty ones.
[[nodiscard]] std::vector<std::string> read_keys(const RestCall& call);

}  // namespace stresskit::sandbox
