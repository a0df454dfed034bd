#pragma once

#include "sandbox/mqtt_packet.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace stresskit::sandbox {

// What the transport says to a client, as bytes, in the forms the platform was recorded to use:
// MQTT 5 packets carry no properties, successful acknowledgements take the short form.

/// `code`: a return code (3.x) or a reason code (5).
[[nodiscard]] std::string encode_connack(MqttVersion version, bool session_present,
                                         std::uint8_t code);

/// `reason` is dropped below MQTT 5, which knows only success.
[[nodiscard]] std::string encode_puback(MqttVersion version, std::uint16_t packet_id,
                                        std::uint8_t reason);

[[nodiscard]] std::string encode_suback(MqttVersion version, std::uint16_t packet_id,
                                        std::span<const std::uint8_t> codes);

/// `codes`: one a topic filter; only MQTT 5 sends them.
[[nodiscard]] std::string encode_unsuback(MqttVersion version, std::uint16_t packet_id,
                                          std::span<const std::uint8_t> codes);

/// A message for the client. `packet_id` is sent at QoS 1 alone.
[[nodiscard]] std::string encode_publish(MqttVersion version, std::uint8_t qos,
                                         std::uint16_t packet_id, std::string_view topic,
                                         std::string_view payload);

[[nodiscard]] std::string encode_pingresp();

/// MQTT 5 alone has a DISCONNECT from the server.
[[nodiscard]] std::string encode_disconnect(std::uint8_t reason);

}  // namespace stresskit::sandbox
