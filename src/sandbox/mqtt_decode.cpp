#include "sandbox/mqtt_decode.hpp"

#include "sandbox/mqtt_reader.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace stresskit::sandbox {
namespace {

using MaybePacket = std::optional<ClientPacket>;

/// Control packet types a client may send (MQTT 5.0, table 2-1).
enum class Type : std::uint8_t {
  connect = 1,
  publish = 3,
  puback = 4,
  pubrec = 5,
  pubrel = 6,
  pubcomp = 7,
  subscribe = 8,
  unsubscribe = 10,
  pingreq = 12,
  disconnect = 14,
  auth = 15,
};

bool is_v5(MqttVersion version) {
  return version == MqttVersion::v5;
}

/// The first byte alone: whether a client may send this type, and with these flags.
bool valid_first_byte(std::uint8_t byte, MqttVersion version) {
  const unsigned flags = byte & 0x0FU;
  switch (static_cast<Type>(byte >> 4U)) {
    case Type::publish: {
      const unsigned qos = flags >> 1U & 3U;
      const bool again = (flags & 8U) != 0;
      return qos != 3 && (qos != 0 || !again);
    }
    case Type::pubrel:
    case Type::subscribe:
    case Type::unsubscribe:
      return flags == 2;
    case Type::connect:
    case Type::puback:
    case Type::pubrec:
    case Type::pubcomp:
    case Type::pingreq:
    case Type::disconnect:
      return flags == 0;
    case Type::auth:
      return flags == 0 && is_v5(version);
  }
  return false;
}

std::optional<MqttVersion> protocol(std::string_view name, std::uint8_t level) {
  if (name == "MQIsdp" && level == 3) {
    return MqttVersion::v3_1;
  }
  if (name == "MQTT" && level == 4) {
    return MqttVersion::v3_1_1;
  }
  if (name == "MQTT" && level == 5) {
    return MqttVersion::v5;
  }
  return std::nullopt;
}

/// The flags byte of CONNECT: a will's QoS and retain flag need a will. The reserved bit is spoken
/// of from 3.1.1 on.
bool valid_connect_flags(std::uint8_t flags, MqttVersion version) {
  const bool reserved = (flags & 1U) != 0 && version != MqttVersion::v3_1;
  const bool has_will = (flags & 4U) != 0;
  const unsigned will_qos = flags >> 3U & 3U;
  const bool will_retain = (flags & 0x20U) != 0;
  return !reserved && will_qos != 3 && (has_will || (will_qos == 0 && !will_retain));
}

/// MQTT 3.1 alone bounds the client id: 1 to 23 characters, and the platform keeps to it.
bool valid_client_id(std::string_view id, MqttVersion version) {
  return version != MqttVersion::v3_1 || (!id.empty() && id.size() <= 23);
}

MaybePacket parse_connect(MqttReader& in) {
  const std::string_view name = in.text();
  const auto version = protocol(name, in.u8());
  if (!version) {
    return std::nullopt;
  }
  const std::uint8_t flags = in.u8();
  if (!valid_connect_flags(flags, *version)) {
    return std::nullopt;
  }

  ConnectPacket packet;
  packet.version = *version;
  packet.clean = (flags & 2U) != 0;
  packet.keep_alive = in.u16();
  if (is_v5(*version)) {
    skip_properties(in, PropertyPlace::connect);
  }
  packet.client_id = in.text();
  if ((flags & 4U) != 0) {
    if (is_v5(*version)) {
      skip_properties(in, PropertyPlace::will);
    }
    in.text();  // topic and message of the will: the platform ignores them
    in.binary();
  }
  packet.has_user_name = (flags & 0x80U) != 0;
  if (packet.has_user_name) {
    packet.user_name = in.text();
  }
  packet.has_password = (flags & 0x40U) != 0;
  if (packet.has_password) {
    packet.password = in.binary();
  }
  if (!in.at_end() || !valid_client_id(packet.client_id, *version)) {
    return std::nullopt;
  }
  return packet;
}

MaybePacket parse_publish(MqttReader& in, std::uint8_t flags, MqttVersion version) {
  PublishPacket packet;
  packet.qos = flags >> 1U & 3U;
  packet.topic = in.text();
  if (packet.topic.empty() || packet.topic.find_first_of("+#") != std::string_view::npos) {
    return std::nullopt;
  }
  if (packet.qos > 0) {
    packet.packet_id = in.packet_id();
  }
  if (is_v5(version)) {
    skip_properties(in, PropertyPlace::publish);
  }
  packet.payload = in.rest();
  return packet;
}

/// Subscription options: the QoS, and from MQTT 5 on three more fields.
bool valid_options(std::uint8_t options, MqttVersion version) {
  const unsigned reserved = is_v5(version) ? 0xC0U : 0xFCU;
  const bool bad_retain_handling = is_v5(version) && (options >> 4U & 3U) == 3;
  return (options & 3U) != 3 && (options & reserved) == 0 && !bad_retain_handling;
}

MaybePacket parse_subscribe(MqttReader& in, MqttVersion version) {
  SubscribePacket packet;
  packet.packet_id = in.packet_id();
  if (is_v5(version)) {
    skip_properties(in, PropertyPlace::subscribe);
  }
  while (in.good() && !in.at_end()) {
    const std::string_view filter = in.text();
    const std::uint8_t options = in.u8();
    if (filter.empty() || !valid_options(options, version)) {
      return std::nullopt;
    }
    packet.wishes.push_back({filter, static_cast<std::uint8_t>(options & 3U)});
  }
  if (packet.wishes.empty()) {
    return std::nullopt;
  }
  return packet;
}

MaybePacket parse_unsubscribe(MqttReader& in, MqttVersion version) {
  UnsubscribePacket packet;
  packet.packet_id = in.packet_id();
  if (is_v5(version)) {
    skip_properties(in, PropertyPlace::unsubscribe);
  }
  while (in.good() && !in.at_end()) {
    packet.filters.push_back(in.text());
    if (packet.filters.back().empty()) {
      return std::nullopt;
    }
  }
  if (packet.filters.empty()) {
    return std::nullopt;
  }
  return packet;
}

/// MQTT 5 may end a packet after any of: nothing more, a reason code, a reason code and properties.
void skip_reason(MqttReader& in, PropertyPlace place) {
  if (!in.at_end()) {
    in.u8();
  }
  if (!in.at_end()) {
    skip_properties(in, place);
  }
}

MaybePacket parse_acknowledge(MqttReader& in, MqttVersion version) {
  const AcknowledgePacket packet{in.packet_id()};
  if (is_v5(version)) {
    skip_reason(in, PropertyPlace::acknowledge);
  }
  return packet;
}

MaybePacket parse_body(std::uint8_t first, MqttReader& in, MqttVersion version) {
  switch (static_cast<Type>(first >> 4U)) {
    case Type::connect:
      return parse_connect(in);
    case Type::publish:
      return parse_publish(in, first & 0x0FU, version);
    case Type::puback:
    case Type::pubrec:
    case Type::pubrel:
    case Type::pubcomp:
      return parse_acknowledge(in, version);
    case Type::subscribe:
      return parse_subscribe(in, version);
    case Type::unsubscribe:
      return parse_unsubscribe(in, version);
    case Type::pingreq:
      return PingPacket{};
    case Type::disconnect:
      if (is_v5(version)) {
        skip_reason(in, PropertyPlace::disconnect);
      }
      return DisconnectPacket{};
    case Type::auth:
      skip_reason(in, PropertyPlace::auth);
      return AuthPacket{};
  }
  return std::nullopt;
}

/// The remaining length, if it is all there: 1 to 4 bytes whose top bit says "one more".
struct Length {
  enum class Status { incomplete, known, malformed } status = Status::incomplete;
  std::size_t value = 0;
  std::size_t bytes = 0;
};

Length remaining_length(std::string_view bytes) {
  const std::size_t available = std::min<std::size_t>(bytes.size(), 4);
  for (std::size_t i = 0; i < available; ++i) {
    if ((static_cast<std::uint8_t>(bytes[i]) & 0x80U) == 0) {
      MqttReader reader(bytes.substr(0, i + 1));
      return {Length::Status::known, reader.variable_int(), i + 1};
    }
  }
  return {available == 4 ? Length::Status::malformed : Length::Status::incomplete, 0, 0};
}

Decoded only(Decoded::Status status) {
  return {status, 0, {}};
}

}  // namespace

Decoded decode_packet(std::string_view bytes, MqttVersion version) {
  if (bytes.empty()) {
    return only(Decoded::Status::incomplete);
  }
  const auto first = static_cast<std::uint8_t>(bytes.front());
  if (!valid_first_byte(first, version)) {
    return only(Decoded::Status::malformed);
  }

  const Length length = remaining_length(bytes.substr(1));
  if (length.status == Length::Status::malformed) {
    return only(Decoded::Status::malformed);
  }
  if (length.status == Length::Status::incomplete) {
    return only(Decoded::Status::incomplete);
  }
  if (length.value > max_remaining_length) {
    return only(Decoded::Status::too_large);
  }

  const std::size_t header = 1 + length.bytes;
  if (bytes.size() < header + length.value) {
    return only(Decoded::Status::incomplete);
  }
  MqttReader body(bytes.substr(header, length.value));
  MaybePacket packet = parse_body(first, body, version);
  if (!packet || !body.good() || !body.at_end()) {
    return only(Decoded::Status::malformed);
  }
  return {Decoded::Status::packet, header + length.value, std::move(*packet)};
}

}  // namespace stresskit::sandbox
