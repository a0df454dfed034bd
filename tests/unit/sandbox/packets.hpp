#pragma once

// Packets as a client writes them, spelled out by hand: the tests share no code with what they
// test.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace stresskit::sandbox::test {

inline std::string bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values) {
    out.push_back(static_cast<char>(value));
  }
  return out;
}

inline std::string u16(std::size_t value) {
  return {static_cast<char>(value >> 8U), static_cast<char>(value & 0xFFU)};
}

inline std::string text(std::string_view value) {
  return u16(value.size()).append(value);
}

/// Fixed header and body.
inline std::string packet(int first, const std::string& body) {
  std::string out(1, static_cast<char>(first));
  std::size_t length = body.size();
  while (length > 127) {
    out.push_back(static_cast<char>(length % 128 + 128));
    length /= 128;
  }
  out.push_back(static_cast<char>(length));
  return out + body;
}

/// Protocol name and level of a version: "MQIsdp" 3, "MQTT" 4, "MQTT" 5.
inline std::string protocol(int level) {
  return text(level == 3 ? "MQIsdp" : "MQTT") + bytes({level});
}

inline std::string connect(int level, std::string_view user_name, bool clean = true) {
  const std::string properties = level == 5 ? bytes({0}) : "";
  return packet(0x10, protocol(level) + bytes({clean ? 0x82 : 0x80}) + u16(60) + properties +
                          text("kit") + text(user_name));
}

inline std::string publish(int level, int qos, std::uint16_t id, std::string_view topic,
                           std::string_view payload) {
  std::string body = text(topic);
  if (qos > 0) {
    body += u16(id);
  }
  if (level == 5) {
    body += bytes({0});
  }
  return packet(0x30 | qos << 1, body.append(payload));
}

inline std::string subscribe(int level, std::uint16_t id, std::string_view filter, int qos) {
  const std::string properties = level == 5 ? bytes({0}) : "";
  return packet(0x82, u16(id) + properties + text(filter) + bytes({qos}));
}

inline const std::string ping = bytes({0xC0, 0});
inline const std::string disconnect = bytes({0xE0, 0});

}  // namespace stresskit::sandbox::test
