#pragma once

// What a client says to the transport, as values. Protocol facts: MQTT Version 3.1.1 and
// MQTT Version 5.0 (OASIS), MQTT V3.1 (IBM, 2010).

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace stresskit::sandbox {

/// The protocol level of CONNECT.
enum class MqttVersion : std::uint8_t { v3_1 = 3, v3_1_1 = 4, v5 = 5 };

struct ConnectPacket {
  MqttVersion version = MqttVersion::v3_1_1;
  bool clean = true;             ///< clean session (3.x), clean start (5)
  std::uint16_t keep_alive = 0;  ///< seconds
  std::string_view client_id;
  bool has_user_name = false;
  std::string_view user_name;
  bool has_password = false;
  std::string_view password;  ///< any bytes
};

struct PublishPacket {
  std::uint8_t qos = 0;         ///< 0, 1 or 2
  std::uint16_t packet_id = 0;  ///< 0 at QoS 0
  std::string_view topic;
  std::string_view payload;  ///< any bytes
};

struct SubscribePacket {
  struct Wish {
    std::string_view filter;
    std::uint8_t qos = 0;
  };
  std::uint16_t packet_id = 0;
  std::vector<Wish> wishes;  ///< at least one
};

struct UnsubscribePacket {
  std::uint16_t packet_id = 0;
  std::vector<std::string_view> filters;  ///< at least one
};

/// PUBACK, PUBREC, PUBREL, PUBCOMP: the transport reacts to none of them.
struct AcknowledgePacket {
  std::uint16_t packet_id = 0;
};

struct PingPacket {};
struct DisconnectPacket {};
struct AuthPacket {};  ///< MQTT 5: the transport offers no extended authentication

/// The views point into the bytes that were decoded.
using ClientPacket = std::variant<ConnectPacket, PublishPacket, SubscribePacket, UnsubscribePacket,
                                  AcknowledgePacket, PingPacket, DisconnectPacket, AuthPacket>;

}  // namespace stresskit::sandbox
