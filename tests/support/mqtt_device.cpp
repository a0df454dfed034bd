#include "support/mqtt_device.hpp"

#include "support/mqtt_packet.hpp"

#include <arpa/inet.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace stresskit::test {
namespace {

constexpr std::size_t answer_bytes = 4;  // CONNACK and PUBACK alike

}  // namespace

MqttDevice::MqttDevice(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{10, 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket_);
    throw std::runtime_error("nobody listens for MQTT on port " + std::to_string(port));
  }
}

MqttDevice::~MqttDevice() {
  ::close(socket_);
}

std::optional<int> MqttDevice::connect(const std::string& token) {
  constexpr char level = 4;
  constexpr char clean_with_user_name = '\x82';
  constexpr std::uint16_t keep_alive = 60;
  send(make_packet(PacketType::connect, prefixed("MQTT") + level + clean_with_user_name +
                                            big_endian(keep_alive) + prefixed("") +
                                            prefixed(token)));
  const auto connack = receive(answer_bytes);
  return connack ? std::optional<int>(connack->back()) : std::nullopt;
}

bool MqttDevice::publish(const std::string& payload) {
  constexpr std::uint8_t qos_1 = 2;
  send(make_packet(PacketType::publish,
                   prefixed("v1/devices/me/telemetry") + big_endian(1) + payload, qos_1));
  return receive(answer_bytes).has_value();
}

void MqttDevice::send(const std::string& bytes) const {
  ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

std::optional<std::string> MqttDevice::receive(std::size_t bytes) const {
  std::string all(bytes, '\0');
  const ssize_t got = ::recv(socket_, all.data(), bytes, MSG_WAITALL);
  return got == static_cast<ssize_t>(bytes) ? std::optional(all) : std::nullopt;
}

}  // namespace stresskit::test
