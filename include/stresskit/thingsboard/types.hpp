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

/// A stored point of a time series.
struct Sample {
  std::int64_t ts = 0;  ///< unix milliseconds
  std::string value;    ///< as text, whatever its type
};

/// Some points in a row, oldest first.
using Samples = std::vector<Sample>;

/// From `from` on, before `to`: unix milliseconds.
struct TimeRange {
  std::int64_t from = 0;
  std::int64_t to = 0;
};

/// What a tenant has used, and what it may use; a maximum of 0 is none.
struct Usage {
  std::uint64_t devices = 0;
  std::uint64_t max_devices = 0;
  std::uint64_t transport_messages = 0;  ///< this month, refreshed by the server every 60 s
  std::uint64_t max_transport_messages = 0;
};

/// What a tenant profile says about telemetry; rate limits as they are written there
/// ("100:1,2000:60"), empty: none.
struct TenantProfile {
  std::string name;
  std::string messages;            ///< all devices together, what is no telemetry: connecting, too
  std::string telemetry_messages;  ///< all devices together
  std::string telemetry_points;    ///< all devices together
  std::uint64_t storage_ttl_days = 0;  ///< 0: for ever, unless a rule chain says otherwise
};

/// Counters of the tenant this month, refreshed by the server every 60 s.
struct PointCounters {
  std::uint64_t transport_messages = 0;
  std::uint64_t transport_points = 0;
  std::uint64_t storage_points = 0;  ///< each times its days of storage, at least one
};

/// What one rule-engine queue did in the last period of 60 s.
struct QueueStats {
  std::string name;     ///< "Main_tb-node-0": queue and service
  std::int64_t ts = 0;  ///< of the row, unix milliseconds; 0: there is none yet
  std::uint64_t total = 0;
  std::uint64_t successful = 0;
  std::uint64_t failed = 0;
  std::uint64_t timed_out = 0;
};

/// The machine, or machines, of the server; whole percents.
struct SystemInfo {
  double cpu_percent = 0;     ///< of the busiest
  double memory_percent = 0;  ///< of the fullest
};

using AttributeValue = std::variant<bool, std::int64_t, double, std::string>;
using Attributes = std::map<std::string, AttributeValue>;

}  // namespace stresskit::thingsboard
