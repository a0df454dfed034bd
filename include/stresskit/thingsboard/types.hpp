#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace stresskit::thingsboard {

// What the endpoints answer, reduced to what the kit uses. Ids are UUIDs in text form.

inline constexpr std::string_view tenant_administrator = "TENANT_ADMIN";

/// Who is logged in.
struct User {
  std::string email;
  std::string authority;  ///< TENANT_ADMIN, CUSTOMER_USER or SYS_ADMIN
  std::string tenant_id;
};

struct ServerInfo {
  std::string version;  ///< "4.3.1.3"
  std::string edition;  ///< CE or PE
};

struct Device {
  std::string id;
  std::string name;
  std::string label;  ///< empty when the server has none
  std::string type;   ///< the name of its profile
  std::string profile_id;
};

/// A device to be made. Without `profile_id` ThingsBoard takes the profile named `type`, and makes
/// it when there is none; without both it takes the tenant's default profile.
struct NewDevice {
  std::string name;
  std::string label;
  std::string type;
  std::string profile_id;
  std::string token;  ///< the access token it gets: a secret, unique on the whole server
};

/// What is to be changed of a device; the same rules for `type` and `profile_id`.
struct DeviceChange {
  std::string label;
  std::string type;
  std::string profile_id;
};

struct DevicePage {
  std::vector<Device> devices;
  std::uint64_t total = 0;  ///< in all pages
  bool has_next = false;
};

struct Profile {
  std::string id;
  std::string name;
  std::string transport;  ///< DEFAULT, MQTT, COAP, ...
};

struct ProfilePage {
  std::vector<Profile> profiles;
  bool has_next = false;
};

struct Credentials {
  std::string type;   ///< ACCESS_TOKEN, X509_CERTIFICATE, MQTT_BASIC, ...
  std::string value;  ///< for ACCESS_TOKEN the token: a secret
};

using AttributeValue = std::variant<bool, std::int64_t, double, std::string>;
using Attributes = std::map<std::string, AttributeValue>;

}  // namespace stresskit::thingsboard
