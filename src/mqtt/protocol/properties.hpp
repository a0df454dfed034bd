#pragma once

#include "mqtt/protocol/cursor.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace stresskit::mqtt::protocol {

/// Packets of a server that carry properties, as bits of a set.
enum PropertyOwner : unsigned {
  in_connack = 1,
  in_publish = 2,
  in_puback = 4,
  in_suback = 8,
  in_disconnect = 16,
};

/// The properties we act on; the others are read past.
struct Properties {
  std::optional<std::uint16_t> receive_maximum;
  std::optional<std::uint16_t> server_keep_alive;
  std::optional<std::uint32_t> maximum_packet_size;
  std::optional<std::uint8_t> maximum_qos;
  bool topic_alias = false;
  std::string_view assigned_client_id;
  std::string_view reason;
};

/// Reads a property length and the properties behind it (MQTT 5 section 2.2.2). The cursor fails
/// for an unknown property, one that has no place in this packet, one given twice, or a value
/// the specification forbids.
[[nodiscard]] Properties read_properties(Cursor& from, PropertyOwner owner);

}  // namespace stresskit::mqtt::protocol
