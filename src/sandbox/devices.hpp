#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace stresskit::sandbox {

struct Device {
  std::string id;
  std::int64_t created_ms = 0;
  std::string name;
  std::string type;  ///< its profile's name
  std::optional<std::string> label;
  std::string profile_id;
  std::string additional_info = "null";  ///< JSON
  bool is_gateway = false;               ///< additionalInfo.gateway
  std::int64_t version = 1;
};

/// What a client asks a device to be. What is not given is left to the platform.
struct DeviceDraft {
  std::optional<std::string> id;  ///< given: an update
  std::string name;
  std::string type;
  std::optional<std::string> label;
  std::string profile_id;
  std::string additional_info = "null";
  bool is_gateway = false;
  std::optional<std::int64_t> version;
};

enum class CredentialsType { access_token, mqtt_basic };

struct Credentials {
  std::string id;
  std::int64_t created_ms = 0;
  std::string device_id;
  CredentialsType type = CredentialsType::access_token;
  std::string credentials_id;        ///< the access token, or what MQTT_BASIC is looked up by
  std::optional<std::string> value;  ///< MQTT_BASIC: client id, user name and password as JSON
  std::int64_t version = 1;
};

struct Profile {
  std::string id;
  std::int64_t created_ms = 0;
  std::string name;
  std::string description = "null";   ///< JSON
  std::string profile_data = "null";  ///< JSON
};

/// What happens when the wanted name is taken (nameConflictPolicy and its kin).
struct NameConflict {
  bool uniquify = false;  ///< otherwise: refused
  bool incremental = false;
  std::string separator = "_";
};

/// The id MQTT_BASIC credentials are looked up by: the user name alone, or the SHA3-256 of client
/// id, or of client id and user name (DeviceCredentialsServiceImpl.java).
[[nodiscard]] std::string basic_credentials_id(const std::string& client_id,
                                               const std::string& user_name);

}  // namespace stresskit::sandbox
