#include "mqtt/protocol/properties.hpp"

#include <algorithm>
#include <array>

namespace stresskit::mqtt::protocol {
namespace {

enum class Type { byte, two_bytes, four_bytes, variable, text, binary, pair };

struct Row {
  std::uint8_t id;
  Type type;
  unsigned owners;
};

constexpr unsigned in_all = in_connack | in_publish | in_puback | in_suback | in_disconnect;

enum Id : std::uint8_t {
  subscription_identifier = 0x0B,
  assigned_client_identifier = 0x12,
  server_keep_alive = 0x13,
  reason_string = 0x1F,
  receive_maximum = 0x21,
  topic_alias = 0x23,
  maximum_qos = 0x24,
  user_property = 0x26,
  maximum_packet_size = 0x27,
};

// MQTT 5, table 2-4, as far as a server may send it to a client without extended authentication
// (whose two properties are read past).
constexpr std::array rows{
    Row{0x01, Type::byte, in_publish},        // Payload Format Indicator
    Row{0x02, Type::four_bytes, in_publish},  // Message Expiry Interval
    Row{0x03, Type::text, in_publish},        // Content Type
    Row{0x08, Type::text, in_publish},        // Response Topic
    Row{0x09, Type::binary, in_publish},      // Correlation Data
    Row{subscription_identifier, Type::variable, in_publish},
    Row{0x11, Type::four_bytes, in_connack},  // Session Expiry Interval
    Row{assigned_client_identifier, Type::text, in_connack},
    Row{server_keep_alive, Type::two_bytes, in_connack},
    Row{0x15, Type::text, in_connack},                  // Authentication Method
    Row{0x16, Type::binary, in_connack},                // Authentication Data
    Row{0x1A, Type::text, in_connack},                  // Response Information
    Row{0x1C, Type::text, in_connack | in_disconnect},  // Server Reference
    Row{reason_string, Type::text, in_all & ~unsigned{in_publish}},
    Row{receive_maximum, Type::two_bytes, in_connack},
    Row{0x22, Type::two_bytes, in_connack},  // Topic Alias Maximum
    Row{topic_alias, Type::two_bytes, in_publish},
    Row{maximum_qos, Type::byte, in_connack},
    Row{0x25, Type::byte, in_connack},  // Retain Available
    Row{user_property, Type::pair, in_all},
    Row{maximum_packet_size, Type::four_bytes, in_connack},
    Row{0x28, Type::byte, in_connack},  // Wildcard Subscription Available
    Row{0x29, Type::byte, in_connack},  // Subscription Identifier Available
    Row{0x2A, Type::byte, in_connack},  // Shared Subscription Available
};

struct Value {
  std::uint32_t number = 0;
  std::string_view text;
};

Value read_value(Cursor& from, Type type) {
  switch (type) {
    case Type::byte:
      return {from.u8(), {}};
    case Type::two_bytes:
      return {from.u16(), {}};
    case Type::four_bytes:
      return {from.u32(), {}};
    case Type::variable:
      return {from.variable(), {}};
    case Type::binary:
      return {0, from.binary()};
    case Type::pair:
      from.text();
      return {0, from.text()};
    case Type::text:
      break;
  }
  return {0, from.text()};
}

/// Keeps a value we act on. Returns whether the specification allows it.
bool keep(Properties& kept, std::uint8_t id, const Value& value) {
  switch (id) {
    case assigned_client_identifier:
      kept.assigned_client_id = value.text;
      return true;
    case server_keep_alive:
      kept.server_keep_alive = static_cast<std::uint16_t>(value.number);
      return true;
    case reason_string:
      kept.reason = value.text;
      return true;
    case receive_maximum:
      kept.receive_maximum = static_cast<std::uint16_t>(value.number);
      return value.number != 0;
    case topic_alias:
      kept.topic_alias = true;
      return true;
    case maximum_qos:
      kept.maximum_qos = static_cast<std::uint8_t>(value.number);
      return value.number <= 1;
    case maximum_packet_size:
      kept.maximum_packet_size = value.number;
      return value.number != 0;
    default:
      return true;
  }
}

bool may_repeat(std::uint8_t id) {
  return id == user_property || id == subscription_identifier;
}

}  // namespace

Properties read_properties(Cursor& from, PropertyOwner owner) {
  Properties kept;
  Cursor inside(from.bytes(from.variable()));
  std::uint64_t seen = 0;  // a bit an identifier
  while (from.ok() && inside.ok() && !inside.empty()) {
    const std::uint8_t id = inside.u8();
    const auto row = std::ranges::find(rows, id, &Row::id);
    if (row == rows.end() || (row->owners & owner) == 0) {
      inside.fail();
      break;
    }
    const std::uint64_t bit = std::uint64_t{1} << id;
    const bool again = (seen & bit) != 0 && !may_repeat(id);
    seen |= bit;
    if (!keep(kept, id, read_value(inside, row->type)) || again) {
      inside.fail();
    }
  }
  if (!inside.ok()) {
    from.fail();
  }
  return kept;
}

}  // namespace stresskit::mqtt::protocol
