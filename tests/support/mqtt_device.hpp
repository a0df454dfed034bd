#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace stresskit::test {

/// A device of MQTT 3.1.1 that does one thing after another and waits for each answer, 10 s at
/// most. For tests of a server; it shares no code with our client.
class MqttDevice {
 public:
  explicit MqttDevice(std::uint16_t port);
  ~MqttDevice();
  MqttDevice(const MqttDevice&) = delete;
  MqttDevice& operator=(const MqttDevice&) = delete;

  /// The CONNACK's code; nothing when the server closed without one.
  std::optional<int> connect(const std::string& token);
  /// Publishes telemetry at QoS 1 and returns whether it was acknowledged.
  bool publish(const std::string& payload);

 private:
  void send(const std::string& bytes) const;
  std::optional<std::string> receive(std::size_t bytes) const;

  int socket_;
};

}  // namespace stresskit::test
