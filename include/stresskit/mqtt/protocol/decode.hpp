#pragma once

#include "stresskit/mqtt/protocol/packets.hpp"

#include <cstddef>
#include <string_view>

namespace stresskit::mqtt::protocol {

struct Decoded {
  Packet packet;
  std::size_t size = 0;  ///< bytes the packet took; 0 when incomplete or malformed
};

/// Reads the first packet of `bytes`, which a server sent. Says Malformed as soon as the bytes at
/// hand show it. Strict where framing depends on it; tolerant about codes, because servers send
/// codes in packets that should not have them.
///
/// Pure: no state, no allocation. Sources: MQTT 3.1.1 sections 2 and 3, MQTT 5 the same.
[[nodiscard]] Decoded decode(Version version, std::string_view bytes);

}  // namespace stresskit::mqtt::protocol
