#pragma once

#include "stresskit/mqtt/protocol/packets.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace stresskit::mqtt::protocol {

/// What a device says of itself. No password and no will: ThingsBoard looks at neither.
struct Connect {
  std::string_view client_id;
  std::string_view user_name;
  std::uint16_t keep_alive_sec = 0;  ///< 0: no keep-alive
};

/// Packets a client sends. Those that take `out` append to it. They throw std::length_error for
/// what no packet can carry: strings above 65,535 bytes, packets above 268,435,455.

void append_connect(std::string& out, Version version, const Connect& connect);

void append_subscribe(std::string& out, Version version, std::uint16_t id, std::string_view filter,
                      Qos qos);

/// Makes `frame` one whole PUBLISH; its memory is reused. `id` counts only above QoS 0.
void write_publish(std::string& frame, Version version, Qos qos, std::uint16_t id,
                   std::string_view topic, std::string_view payload);

/// The same bytes in both versions: MQTT 5 lets reason "success" and no properties be left out.
[[nodiscard]] std::array<char, 4> puback(std::uint16_t id);
inline constexpr std::string_view pingreq{"\xC0\x00", 2};
inline constexpr std::string_view disconnect{"\xE0\x00", 2};

}  // namespace stresskit::mqtt::protocol
