#include "stresskit/mqtt/protocol/decode.hpp"

#include "mqtt/protocol/cursor.hpp"
#include "mqtt/protocol/properties.hpp"

namespace stresskit::mqtt::protocol {
namespace {

// The first byte of a packet: its type in the upper half, flags in the lower
// (MQTT 3.1.1 section 2.2.1; the flags of all but PUBLISH are fixed).
enum First : std::uint8_t {
  first_connack = 0x20,
  first_publish = 0x30,
  first_puback = 0x40,
  first_suback = 0x90,
  first_pingresp = 0xD0,
  first_disconnect = 0xE0,
};

struct Header {
  std::size_t size = 0;  ///< of the fixed header; 0: not all there yet
  std::size_t remaining = 0;
  const char* wrong = nullptr;
};

const char* wrong_first_byte(Version version, std::uint8_t first) {
  switch (first) {
    case first_connack:
    case first_puback:
    case first_suback:
    case first_pingresp:
      return nullptr;
    case first_disconnect:
      return version == Version::v5 ? nullptr : "DISCONNECT, which a 3.1.1 server never sends";
    default:
      break;
  }
  if ((first & 0xF0) != first_publish) {
    return "not a packet a server may send";
  }
  switch (first & 0x06) {
    case 0x00:
    case 0x02:
      return nullptr;
    case 0x04:
      return "PUBLISH with QoS 2, which was not asked for";
    default:
      return "PUBLISH with QoS 3";
  }
}

Header read_header(std::string_view bytes) {
  Header header;
  for (std::size_t i = 1; i < bytes.size(); ++i) {
    const auto next = static_cast<std::uint8_t>(bytes[i]);
    header.remaining |= std::size_t{next & 0x7Fu} << (7 * (i - 1));
    if (next < 0x80) {
      header.size = i + 1;
      if (header.size + header.remaining > largest_packet) {
        header.wrong = "a packet larger than 131,072 bytes";
      }
      return header;
    }
    if (i == 4) {
      header.wrong = "a packet length of more than four bytes";
      return header;
    }
  }
  return header;
}

Packet connack(Version version, Cursor& body) {
  Connack packet;
  const std::uint8_t flags = body.u8();
  packet.code = body.u8();
  // Whether a session may be present is not checked: ThingsBoard sets it in refusals, too.
  packet.session_present = flags == 1;
  if (flags > 1) {
    return Malformed{"CONNACK with unknown flags"};
  }
  // Servers that do not know MQTT 5 refuse it with the short form of 3.1.1.
  if (version == Version::v5 && !(body.empty() && packet.code != 0)) {
    const Properties properties = read_properties(body, in_connack);
    packet.receive_maximum = properties.receive_maximum.value_or(packet.receive_maximum);
    packet.maximum_qos = properties.maximum_qos.value_or(packet.maximum_qos);
    packet.server_keep_alive = properties.server_keep_alive;
    packet.maximum_packet_size =
        properties.maximum_packet_size.value_or(packet.maximum_packet_size);
    packet.assigned_client_id = properties.assigned_client_id;
    packet.reason = properties.reason;
  }
  return body.ok() && body.empty() ? Packet{packet} : Malformed{"a broken CONNACK"};
}

Packet publish(Version version, std::uint8_t first, Cursor& body) {
  constexpr const char* broken = "a broken PUBLISH";
  Publish packet;
  packet.topic = body.text();
  if ((first & 0x02) != 0) {
    packet.id = body.u16();
    if (packet.id == 0) {
      return Malformed{broken};
    }
  }
  if (version == Version::v5 && read_properties(body, in_publish).topic_alias) {
    return Malformed{"PUBLISH with a topic alias, which was not allowed"};
  }
  if (!body.ok() || packet.topic.empty()) {
    return Malformed{broken};
  }
  packet.payload = body.rest();
  return packet;
}

Packet puback(Version version, Cursor& body) {
  Puback packet;
  packet.id = body.u16();
  if (version == Version::v5 && !body.empty()) {
    packet.code = body.u8();
    if (!body.empty()) {
      packet.reason = read_properties(body, in_puback).reason;
    }
  }
  return body.ok() && body.empty() && packet.id != 0 ? Packet{packet}
                                                     : Malformed{"a broken PUBACK"};
}

Packet suback(Version version, Cursor& body) {
  Suback packet;
  packet.id = body.u16();
  if (version == Version::v5) {
    packet.reason = read_properties(body, in_suback).reason;
  }
  packet.codes = body.rest();
  return body.ok() && packet.id != 0 && !packet.codes.empty() ? Packet{packet}
                                                              : Malformed{"a broken SUBACK"};
}

Packet disconnect(Cursor& body) {
  Disconnect packet;
  if (!body.empty()) {
    packet.code = body.u8();
  }
  if (!body.empty()) {
    packet.reason = read_properties(body, in_disconnect).reason;
  }
  return body.ok() && body.empty() ? Packet{packet} : Malformed{"a broken DISCONNECT"};
}

Packet read_body(Version version, std::uint8_t first, std::string_view bytes) {
  Cursor body(bytes);
  switch (first) {
    case first_connack:
      return connack(version, body);
    case first_puback:
      return puback(version, body);
    case first_suback:
      return suback(version, body);
    case first_pingresp:
      return body.empty() ? Packet{Pingresp{}} : Malformed{"a broken PINGRESP"};
    case first_disconnect:
      return disconnect(body);
    default:
      return publish(version, first, body);
  }
}

}  // namespace

Decoded decode(Version version, std::string_view bytes) {
  if (bytes.empty()) {
    return {Incomplete{}, 0};
  }
  const auto first = static_cast<std::uint8_t>(bytes[0]);
  if (const char* wrong = wrong_first_byte(version, first)) {
    return {Malformed{wrong}, 0};
  }
  const Header header = read_header(bytes);
  if (header.wrong != nullptr) {
    return {Malformed{header.wrong}, 0};
  }
  if (header.size == 0 || bytes.size() < header.size + header.remaining) {
    return {Incomplete{}, 0};
  }
  const Packet packet = read_body(version, first, bytes.substr(header.size, header.remaining));
  const bool good = !std::holds_alternative<Malformed>(packet);
  return {packet, good ? header.size + header.remaining : 0};
}

}  // namespace stresskit::mqtt::protocol
