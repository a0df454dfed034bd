#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stresskit::test {

// MQTT as a test's server reads and writes it. Written from the specifications and apart from our
// client's codec on purpose: shared code would share its mistakes.

/// Control packet types (section 2.1.2 of both versions).
enum class PacketType : std::uint8_t {
  connect = 1,
  connack = 2,
  publish = 3,
  puback = 4,
  subscribe = 8,
  suback = 9,
  pingreq = 12,
  pingresp = 13,
  disconnect = 14,
};

/// A packet that a client sent.
struct Packet {
  PacketType type = PacketType::connect;
  std::uint8_t flags = 0;      ///< the low half of the first byte
  std::string body;            ///< what follows the fixed header
  std::uint8_t level = 4;      ///< of its connection: 4 is MQTT 3.1.1, 5 is MQTT 5
  std::size_t connection = 0;  ///< which one, counted from 0 in the order of acceptance
  std::chrono::steady_clock::time_point at;

  // Of a PUBLISH:
  [[nodiscard]] int qos() const { return (flags >> 1) & 3; }
  [[nodiscard]] bool is_repeated() const { return (flags & 8) != 0; }
  [[nodiscard]] std::string topic() const;
  [[nodiscard]] std::uint16_t id() const;  ///< REQUIRES: QoS 1 or 2
  [[nodiscard]] std::string payload() const;
};

/// What a CONNECT says. Fields that are absent are nothing.
struct ConnectFields {
  std::string protocol;
  std::uint8_t level = 0;
  std::uint8_t flags = 0;
  std::uint16_t keep_alive = 0;
  std::string client_id;
  std::optional<std::string> user_name;
  std::optional<std::string> password;

  [[nodiscard]] bool clean() const { return (flags & 2) != 0; }
};

/// Throws std::out_of_range for a packet that ends early.
[[nodiscard]] ConnectFields read_connect(const Packet& packet);

/// A whole packet: first byte, remaining length, body.
[[nodiscard]] std::string make_packet(PacketType type, std::string_view body,
                                      std::uint8_t flags = 0);
[[nodiscard]] std::string big_endian(std::uint16_t number);
/// Length and bytes.
[[nodiscard]] std::string prefixed(std::string_view text);

}  // namespace stresskit::test
