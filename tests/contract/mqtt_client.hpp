#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stresskit::contract {

/// A TCP connection that sends bytes and cuts what comes back into MQTT packets. Knows framing and
/// nothing else. Every wait ends after `patience`.
class MqttClient {
 public:
  static constexpr std::chrono::seconds patience{10};

  explicit MqttClient(std::uint16_t port);
  ~MqttClient();
  MqttClient(const MqttClient&) = delete;
  MqttClient& operator=(const MqttClient&) = delete;

  /// Sends all of it. False when the server is gone, which is no error for a test as such.
  bool send(std::string_view bytes);

  /// The next packet; empty when the connection ended first, nothing when it took too long.
  std::optional<std::string> receive();

  /// Whether the server ends the connection by a FIN (not a reset), with no packet before.
  bool closed_by_fin();

  /// Whether, for that time, nothing arrives and the connection stays.
  bool quiet_for(std::chrono::milliseconds time);

 private:
  enum class Arrival { bytes, end, reset, nothing };
  Arrival read_some(std::chrono::milliseconds patience_left);

  int descriptor_;
  std::string input_;
};

}  // namespace stresskit::contract
