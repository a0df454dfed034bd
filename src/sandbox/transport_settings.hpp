#pragma once

#include "sandbox/transport_limits.hpp"

#include "stresskit/support/result.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace stresskit::sandbox {

/// The codes that every CONNECT is refused with.
struct ConnectRefusal {
  std::uint8_t code = 3;  ///< below MQTT 5
  std::uint8_t code_v5 = 0x88;
};

/// Blocks an address after that many refused credentials in a row.
struct AddressBlock {
  std::uint32_t wrong_credentials = 10;     ///< max_wrong_credentials_per_ip
  std::chrono::milliseconds block{60'000};  ///< ip_block_timeout
};

/// What the transport is told to do to its clients, limits and faults: the document of the frame
/// `limits`, whose keys are listed in link.hpp.
struct TransportSettings {
  RateLimits rates;
  bool quota_reached = false;
  std::optional<AddressBlock> address_block;
  std::optional<ConnectRefusal> refusal;
  bool close_on_accept = false;
  std::uint32_t max_connections_per_address = 0;  ///< more are closed at once; 0: no limit
  std::chrono::milliseconds connack_delay{0};
  std::chrono::milliseconds puback_delay{0};
  std::chrono::milliseconds inactivity{600'000};  ///< transport.sessions.inactivity_timeout
};

/// Reads the document, or says what is wrong with it. What the document leaves out has its default:
/// a document is the whole state, never a change to an earlier one.
[[nodiscard]] support::Result<TransportSettings> parse_transport_settings(std::string_view json);

}  // namespace stresskit::sandbox
