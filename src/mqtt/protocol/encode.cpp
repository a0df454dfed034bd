#include "stresskit/mqtt/protocol/encode.hpp"

#include <cstring>
#include <stdexcept>

namespace stresskit::mqtt::protocol {
namespace {

constexpr std::size_t largest_remaining = 268'435'455;  // four bytes of seven bits

constexpr char byte(std::size_t value) {
  return static_cast<char>(value & 0xFF);
}

std::size_t length_bytes(std::size_t remaining) {
  if (remaining > largest_remaining) {
    throw std::length_error("an MQTT packet carries at most 268,435,455 bytes");
  }
  return remaining < 128 ? 1 : remaining < 16'384 ? 2 : remaining < 2'097'152 ? 3 : 4;
}

char* put_length(char* to, std::size_t remaining) {
  while (remaining >= 128) {
    *to++ = byte(remaining | 0x80);
    remaining >>= 7;
  }
  *to++ = byte(remaining);
  return to;
}

char* put_u16(char* to, std::size_t value) {
  *to++ = byte(value >> 8);
  *to++ = byte(value);
  return to;
}

char* put_bytes(char* to, std::string_view bytes) {
  if (!bytes.empty()) {
    std::memcpy(to, bytes.data(), bytes.size());
  }
  return to + bytes.size();
}

char* put_string(char* to, std::string_view text) {
  if (text.size() > 65'535) {
    throw std::length_error("an MQTT string has at most 65,535 bytes");
  }
  return put_bytes(put_u16(to, text.size()), text);
}

/// Room for one packet at the end of `out`; returns where its variable header begins.
char* begin_packet(std::string& out, char first, std::size_t remaining) {
  const std::size_t at = out.size();
  out.resize(at + 1 + length_bytes(remaining) + remaining);
  out[at] = first;
  return put_length(out.data() + at + 1, remaining);
}

}  // namespace

void append_connect(std::string& out, Version version, const Connect& connect) {
  // MQTT 5: property length, then Maximum Packet Size (0x27), so that no server sends more than
  // we take.
  constexpr std::size_t properties_size = 1 + 5;
  const bool v5 = version == Version::v5;
  const std::size_t remaining =
      10 + (v5 ? properties_size : 0) + 2 + connect.client_id.size() + 2 + connect.user_name.size();
  char* to = begin_packet(out, 0x10, remaining);
  to = put_string(to, "MQTT");
  *to++ = static_cast<char>(version);
  *to++ = byte(0x80 | 0x02);  // user name; clean session (3.1.1), clean start (5)
  to = put_u16(to, connect.keep_alive_sec);
  if (v5) {
    *to++ = 5;
    *to++ = 0x27;
    to = put_u16(to, largest_packet >> 16);
    to = put_u16(to, largest_packet & 0xFFFF);
  }
  to = put_string(to, connect.client_id);
  put_string(to, connect.user_name);
}

void append_subscribe(std::string& out, Version version, std::uint16_t id, std::string_view filter,
                      Qos qos) {
  const bool v5 = version == Version::v5;
  char* to = begin_packet(out, byte(0x82), 2 + (v5 ? 1 : 0) + 2 + filter.size() + 1);
  to = put_u16(to, id);
  if (v5) {
    *to++ = 0;  // no properties
  }
  to = put_string(to, filter);
  *to = static_cast<char>(qos);
}

void write_publish(std::string& frame, Version version, Qos qos, std::uint16_t id,
                   std::string_view topic, std::string_view payload) {
  const bool with_id = qos == Qos::at_least_once;
  const bool v5 = version == Version::v5;
  frame.clear();
  char* to = begin_packet(frame, with_id ? 0x32 : 0x30,
                          2 + topic.size() + (with_id ? 2 : 0) + (v5 ? 1 : 0) + payload.size());
  to = put_string(to, topic);
  if (with_id) {
    to = put_u16(to, id);
  }
  if (v5) {
    *to++ = 0;  // no properties
  }
  put_bytes(to, payload);
}

std::array<char, 4> puback(std::uint16_t id) {
  return {0x40, 2, byte(id >> 8), byte(id)};
}

}  // namespace stresskit::mqtt::protocol
