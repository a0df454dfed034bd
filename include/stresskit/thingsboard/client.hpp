#pragma once

#include "stresskit/support/clock.hpp"
#include "stresskit/thingsboard/error.hpp"
#include "stresskit/thingsboard/session.hpp"
#include "stresskit/thingsboard/types.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace stresskit::thingsboard {

/// ThingsBoard's REST interface, a method per endpoint
/// (https://thingsboard.io/docs/reference/rest-api/), over one kept-alive connection.
///
/// The server closes connections on its own (after every 400 and 500, after 100 answers, after a
/// minute of idleness). That is no failure: the next call opens a new one, and a call that met the
/// closing is repeated once, except creating a device, which reports `connection_cut` so that the
/// caller can look whether it took effect. Nothing else is retried here. Redirects are never
/// followed. A requested stop ends a call in hand with `stopped`.
///
/// Threads: one thread at a time; make a client for each. The session is shared.
class Client {
 public:
  Client(Session& session, std::stop_token stop);
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) = delete;

  [[nodiscard]] const config::ThingsBoard& server() const;

  /// POST /api/auth/login, unless the session has a token already.
  [[nodiscard]] Answer<void> log_in();
  /// GET /api/auth/user
  [[nodiscard]] Answer<User> who_am_i();
  /// GET /api/system/info
  [[nodiscard]] Answer<ServerInfo> server_info();

  /// POST /api/device?accessToken=: one round trip, and refused when the name exists (creating with
  /// credentials through /api/device-with-credentials replaces the token of an existing device).
  [[nodiscard]] Answer<Device> create_device(const NewDevice& device);
  /// GET /api/device/{id}, then POST /api/device with the changes, all other fields as they were;
  /// once more when somebody else changed it in between.
  [[nodiscard]] Answer<Device> update_device(const std::string& id, const DeviceChange& change);
  /// GET /api/tenant/devices?deviceName=
  [[nodiscard]] Answer<std::optional<Device>> find_device(const std::string& name);
  /// GET /api/tenant/devices: devices whose name or label contains `text`, upper or lower case.
  [[nodiscard]] Answer<DevicePage> list_devices(std::string_view text, std::uint32_t page,
                                                std::uint32_t page_size);
  /// GET /api/device/{id}/credentials
  [[nodiscard]] Answer<Credentials> credentials(const std::string& device_id);
  /// DELETE /api/device/{id}
  [[nodiscard]] Answer<void> delete_device(const std::string& id);

  /// GET /api/plugins/telemetry/DEVICE/{id}/values/attributes/SERVER_SCOPE; those that do not exist
  /// or are no plain value are missing in the answer.
  [[nodiscard]] Answer<Attributes> server_attributes(const std::string& device_id,
                                                     const std::vector<std::string>& keys);
  /// POST /api/plugins/telemetry/DEVICE/{id}/SERVER_SCOPE
  [[nodiscard]] Answer<void> save_server_attributes(const std::string& device_id,
                                                    const Attributes& attributes);

  /// GET /api/plugins/telemetry/DEVICE/{id}/values/timeseries with agg=COUNT: how many points of
  /// `key` are stored in the range; points of one millisecond are one point.
  [[nodiscard]] Answer<std::uint64_t> count_points(const std::string& device_id,
                                                   const std::string& key, TimeRange range);
  /// The same without an aggregation: the first `limit` points in the range.
  [[nodiscard]] Answer<Samples> points(const std::string& device_id, const std::string& key,
                                       TimeRange range, std::uint32_t limit);
  /// The same without a range: the newest point, if there is one.
  [[nodiscard]] Answer<std::optional<Sample>> newest_point(const std::string& device_id,
                                                           const std::string& key);

  /// GET /api/usage; needs a tenant administrator.
  [[nodiscard]] Answer<Usage> usage();
  /// POST /api/entitiesQuery/find of the tenant's usage state.
  [[nodiscard]] Answer<PointCounters> point_counters();
  /// POST /api/entitiesQuery/find of the queue statistics: the telemetry endpoint answers 500 for
  /// them.
  [[nodiscard]] Answer<std::vector<QueueStats>> queue_stats();
  /// GET /api/tenantProfileInfo/default, then GET /api/tenantProfile/{id}: the profile of tenants
  /// that have no other; needs a system administrator.
  [[nodiscard]] Answer<TenantProfile> default_tenant_profile();
  /// GET /api/admin/systemInfo; needs a system administrator, and takes the server a second.
  [[nodiscard]] Answer<SystemInfo> system_info();

  /// The server's clock as its last answer told it (header Date, whole seconds); nothing before.
  [[nodiscard]] std::optional<support::Wall::time_point> server_time() const;

  /// GET /api/deviceProfileInfo/default
  [[nodiscard]] Answer<Profile> default_profile();
  /// GET /api/deviceProfileInfos
  [[nodiscard]] Answer<ProfilePage> list_profiles(std::uint32_t page);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Every device whose name begins with `prefix`, exactly: the server's own search matches anywhere
/// in name or label, upper or lower case, with `_` as a wildcard. Pages of 1,000.
[[nodiscard]] Answer<std::vector<Device>> list_by_prefix(Client& client, std::string_view prefix);

}  // namespace stresskit::thingsboard
