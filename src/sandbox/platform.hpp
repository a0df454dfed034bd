#pragma once

#include "sandbox/accounts.hpp"
#include "sandbox/attribute_store.hpp"
#include "sandbox/cpu_meter.hpp"
#include "sandbox/device_registry.hpp"
#include "sandbox/ids.hpp"
#include "sandbox/recorder.hpp"
#include "sandbox/rest_limits.hpp"
#include "sandbox/server_clock.hpp"
#include "sandbox/server_figures.hpp"
#include "sandbox/storage.hpp"
#include "sandbox/telemetry_store.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace stresskit::sandbox {

/// What a device says of itself in its CONNECT.
struct ConnectRequest {
  std::string user_name;
  bool has_user_name = false;
  std::string client_id;
  std::string password;
  bool has_password = false;
};

/// What the transport shall answer to a CONNECT.
struct ConnectVerdict {
  std::uint8_t code = 0;     ///< MQTT 3.1.1 CONNACK
  std::uint8_t code_v5 = 0;  ///< MQTT 5 CONNACK
  std::string device;
  bool is_gateway = false;
};

/// The one tenant of the sandbox: its accounts, devices and data, and the few steps that touch
/// several of them.
///
/// Threads: every method may be called from any thread, `on_evict` before there are several.
class Platform {
 public:
  Platform(std::string tenant_email, std::string tenant_password);

  Device create_device(const DeviceDraft& draft, std::optional<Credentials> credentials,
                       const NameConflict& conflict);
  /// Whether there was such a device. Its session ends.
  bool delete_device(const std::string& id);
  /// A change ends the device's session.
  Credentials update_credentials(const Credentials& changed, bool check_version);

  /// Whether the server takes the device for connected.
  [[nodiscard]] bool is_active(const std::string& device) const;

  [[nodiscard]] ConnectVerdict judge(const ConnectRequest& request) const;
  void session_opened(std::uint64_t session, const std::string& device);
  void session_closed(std::uint64_t session, const std::string& device);
  /// One accepted PUBLISH of telemetry; `payload` was found valid by the transport.
  void take_telemetry(const std::string& device, std::string_view payload, std::int64_t arrival_ms);
  void take_attributes(const std::string& device, std::string_view payload);
  /// Whether the monthly quota is used up, as far as the reports of its use say.
  [[nodiscard]] bool quota_reached() const;
  /// The transport has ended, however it did: to the devices it is the server.
  void transport_ended();

  /// Who ends the sessions of a device; the reason is MQTT 5's.
  void on_evict(std::function<void(const std::string& device, std::uint8_t reason)> evict) {
    evict_ = std::move(evict);
  }

  Ids ids;
  Accounts accounts;
  DeviceRegistry devices;
  AttributeStore attributes;
  TelemetryStore telemetry;
  Recorder recorder;
  RestLimits rest_limits;
  CpuMeter cpu;
  ServerFigures figures{support::real_clock()};
  Storage storage{devices, telemetry, recorder, figures};
  /// The tenant's monthly quota; 0 = no limit.
  std::atomic<std::uint64_t> max_transport_messages = 0;
  const std::int64_t created_ms = now_ms();
  const std::string tenant_profile_id = ids.uuid();
  const std::string queue_stats_id = ids.uuid();
  const std::string usage_state_id = ids.uuid();

 private:
  void note_activity(const std::string& device);
  void set_server_attribute(const std::string& device, const char* key, Value value);

  std::function<void(const std::string&, std::uint8_t)> evict_;

  std::mutex activity_mutex_;
  std::unordered_map<std::string, std::int64_t> last_activity_ms_;  // guarded by activity_mutex_
};

}  // namespace stresskit::sandbox
