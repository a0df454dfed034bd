#pragma once

#include "sandbox/mqtt_packet.hpp"

#include <cstddef>
#include <string_view>

namespace stresskit::sandbox {

/// The platform's limit for the remaining length of a packet
/// (transport.mqtt.netty.max_payload_size): 65,536 passes, 65,537 does not.
inline constexpr std::size_t max_remaining_length = 65'536;

/// What the front of a client's byte stream holds.
struct Decoded {
  enum class Status {
    incomplete,  ///< more bytes are needed; nothing is wrong so far
    packet,      ///< `packet`, in the first `consumed` bytes
    malformed,   ///< no MQTT, or against its rules: the connection has to end
    too_large,   ///< longer than `max_remaining_length`: the connection has to end
  };
  Status status = Status::incomplete;
  std::size_t consumed = 0;
  ClientPacket packet;
};

/// Reads one packet from the front of `bytes`. Pure: no state, so any split of the stream gives the
/// same packets.
///
/// `version`: of the connection; before CONNECT it does not matter which (the platform reads what
/// comes before CONNECT as 3.1.1). Strict: reserved bits, ids of 0, strings that are no UTF-8,
/// unknown MQTT 5 properties and wildcards in a topic are malformed, and so is whatever a server
/// alone may send. Topic aliases are malformed because the transport never offers any.
[[nodiscard]] Decoded decode_packet(std::string_view bytes, MqttVersion version);

}  // namespace stresskit::sandbox
