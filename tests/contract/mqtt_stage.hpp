#pragma once

#include "support/sandbox_process.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace stresskit::contract {

/// The sandbox as the recordings' server: devices that go by their user name, REST calls that end
/// their sessions, limits.
class MqttStage {
 public:
  [[nodiscard]] std::uint16_t port() const { return sandbox_.mqtt_port(); }

  /// A device whose access token is `user_name`. Those that begin with "mqb-u-" get MQTT_BASIC
  /// credentials instead: the client id beginning with "mqb-c-", the password "p1".
  void add_device(const std::string& user_name);
  void delete_device(const std::string& user_name);
  void change_token(const std::string& user_name);

  /// Limits and faults of the transport (link.hpp); returns when the transport has taken them.
  void set_limits(const std::string& json);

 private:
  test::SandboxProcess sandbox_;
  std::map<std::string, std::string> ids_;  ///< user name to device id
};

}  // namespace stresskit::contract
