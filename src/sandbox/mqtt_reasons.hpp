#pragma once

#include <cstdint>

// Reason codes of MQTT 5 that the platform uses, and what it uses them for.
namespace stresskit::sandbox::reason {

inline constexpr std::uint8_t success = 0x00;
inline constexpr std::uint8_t no_subscription = 0x11;
inline constexpr std::uint8_t malformed_packet = 0x81;  ///< also: too large
inline constexpr std::uint8_t protocol_error = 0x82;
inline constexpr std::uint8_t not_allowed_now = 0x83;  ///< over a rate limit or quota
inline constexpr std::uint8_t server_unavailable = 0x88;
inline constexpr std::uint8_t server_busy = 0x89;
inline constexpr std::uint8_t unexpected_payload = 0x8B;  ///< an exception nobody foresaw
inline constexpr std::uint8_t session_taken_over = 0x8E;
inline constexpr std::uint8_t bad_topic_filter = 0x8F;
inline constexpr std::uint8_t unknown_topic = 0x90;
inline constexpr std::uint8_t message_rate_too_high = 0x96;
inline constexpr std::uint8_t queue_full = 0x97;
inline constexpr std::uint8_t bad_payload = 0x99;
inline constexpr std::uint8_t connection_rate_exceeded = 0x9F;
inline constexpr std::uint8_t idle = 0xA0;

}  // namespace stresskit::sandbox::reason
