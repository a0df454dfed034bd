#include "sandbox/mqtt_encode.hpp"

namespace stresskit::sandbox {
namespace {

constexpr char no_properties = 0;

void put_u16(std::string& out, std::size_t value) {
  out.push_back(static_cast<char>(value >> 8U & 0xFFU));
  out.push_back(static_cast<char>(value & 0xFFU));
}

std::string packet(std::uint8_t first, std::string_view body) {
  std::string out(1, static_cast<char>(first));
  std::size_t length = body.size();
  do {
    const std::size_t more = length > 0x7F ? 0x80U : 0U;
    out.push_back(static_cast<char>((length & 0x7FU) | more));
    length >>= 7U;
  } while (length > 0);
  return out.append(body);
}

void put_codes(std::string& out, std::span<const std::uint8_t> codes) {
  for (const std::uint8_t code : codes) {
    out.push_back(static_cast<char>(code));
  }
}

}  // namespace

std::string encode_connack(MqttVersion version, bool session_present, std::uint8_t code) {
  std::string body{static_cast<char>(session_present), static_cast<char>(code)};
  if (version == MqttVersion::v5) {
    body.push_back(no_properties);
  }
  return packet(0x20, body);
}

std::string encode_puback(MqttVersion version, std::uint16_t packet_id, std::uint8_t reason) {
  std::string body;
  put_u16(body, packet_id);
  if (version == MqttVersion::v5 && reason != 0) {
    body.push_back(static_cast<char>(reason));
    body.push_back(no_properties);
  }
  return packet(0x40, body);
}

std::string encode_suback(MqttVersion version, std::uint16_t packet_id,
                          std::span<const std::uint8_t> codes) {
  std::string body;
  put_u16(body, packet_id);
  if (version == MqttVersion::v5) {
    body.push_back(no_properties);
  }
  put_codes(body, codes);
  return packet(0x90, body);
}

std::string encode_unsuback(MqttVersion version, std::uint16_t packet_id,
                            std::span<const std::uint8_t> codes) {
  std::string body;
  put_u16(body, packet_id);
  if (version == MqttVersion::v5) {
    body.push_back(no_properties);
    put_codes(body, codes);
  }
  return packet(0xB0, body);
}

std::string encode_publish(MqttVersion version, std::uint8_t qos, std::uint16_t packet_id,
                           std::string_view topic, std::string_view payload) {
  std::string body;
  put_u16(body, topic.size());
  body.append(topic);
  if (qos > 0) {
    put_u16(body, packet_id);
  }
  if (version == MqttVersion::v5) {
    body.push_back(no_properties);
  }
  body.append(payload);
  return packet(static_cast<std::uint8_t>(0x30U | (qos > 0 ? 2U : 0U)), body);
}

std::string encode_pingresp() {
  return packet(0xD0, {});
}

std::string encode_disconnect(std::uint8_t reason) {
  if (reason == 0) {
    return packet(0xE0, {});
  }
  const std::string body{static_cast<char>(reason), no_properties};
  return packet(0xE0, body);
}

}  // namespace stresskit::sandbox
