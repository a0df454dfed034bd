#pragma once

#include "stresskit/thingsboard/types.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace stresskit::thingsboard {

// Between ThingsBoard's documents and our structs. Unknown fields are ignored; a missing or wrong
// one that we need throws nlohmann::json::exception.

/// A member that is text; empty when it is null (ThingsBoard writes nulls where there is nothing),
/// something else or missing.
[[nodiscard]] std::string text_or_empty(const nlohmann::json& object, const char* key);

[[nodiscard]] User read_user(std::string_view body);
[[nodiscard]] ServerInfo read_server_info(std::string_view body);
[[nodiscard]] Device read_device(std::string_view body);
[[nodiscard]] DevicePage read_device_page(std::string_view body);
[[nodiscard]] Credentials read_credentials(std::string_view body);
[[nodiscard]] Attributes read_attributes(std::string_view body);
[[nodiscard]] Profile read_profile(std::string_view body);
[[nodiscard]] ProfilePage read_profile_page(std::string_view body);

/// Without the token, which is no part of a device.
[[nodiscard]] nlohmann::json new_device(const NewDevice& device);
/// `document`, a device as the server answered it, with the change; every other field stays, for
/// one that is left out is lost.
[[nodiscard]] nlohmann::json changed_device(nlohmann::json document, const DeviceChange& change);
[[nodiscard]] nlohmann::json write_attributes(const Attributes& attributes);

}  // namespace stresskit::thingsboard
