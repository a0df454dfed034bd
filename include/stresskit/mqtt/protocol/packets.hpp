#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace stresskit::mqtt::protocol {

/// The value is the protocol level byte of CONNECT.
enum class Version : std::uint8_t { v3_1_1 = 4, v5 = 5 };

enum class Qos : std::uint8_t { at_most_once = 0, at_least_once = 1 };

/// Packets a server sends, as small structs. Every view points into the bytes that were decoded
/// and is valid as long as they are. `code` is a return code in MQTT 3.1.1 and a reason code in
/// MQTT 5; `reason` is the server's own sentence (MQTT 5), valid UTF-8, often empty.

struct Connack {
  bool session_present = false;
  std::uint8_t code = 0;
  std::uint16_t receive_maximum = 65'535;
  std::uint8_t maximum_qos = 2;
  std::optional<std::uint16_t> server_keep_alive;   ///< seconds; overrides what we asked for
  std::uint32_t maximum_packet_size = 0xFFFF'FFFF;  ///< bytes of a whole packet
  std::string_view assigned_client_id;
  std::string_view reason;
};

struct Publish {
  std::string_view topic;
  std::string_view payload;
  std::uint16_t id = 0;  ///< 0 at QoS 0; otherwise the server waits for a PUBACK
};

struct Puback {
  std::uint16_t id = 0;
  std::uint8_t code = 0;
  std::string_view reason;
};

struct Suback {
  std::uint16_t id = 0;
  std::string_view codes;  ///< one byte a topic filter: the granted QoS, or 0x80 and above
  std::string_view reason;
};

struct Pingresp {};

struct Disconnect {
  std::uint8_t code = 0;
  std::string_view reason;
};

/// The bytes are no packet a server may send. `what` is a literal.
struct Malformed {
  const char* what = "";
};

/// The packet is not all there yet.
struct Incomplete {};

using Packet =
    std::variant<Incomplete, Malformed, Connack, Publish, Puback, Suback, Pingresp, Disconnect>;

/// Larger packets from a server are refused as malformed, so that a device never buffers more.
/// Announced to the server in MQTT 5. Twice what ThingsBoard itself accepts (65,536).
inline constexpr std::size_t largest_packet = 128 * 1024;

}  // namespace stresskit::mqtt::protocol
