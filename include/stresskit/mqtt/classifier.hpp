#pragma once

#include "stresskit/fleet/failure.hpp"

#include <cstdint>
#include <string>

namespace stresskit::mqtt {

/// Where a code comes from.
enum class Source {
  connack_v3,        ///< CONNACK return code, MQTT 3.1.1 (section 3.2.2.3)
  connack_v5,        ///< CONNACK reason code, MQTT 5 (section 3.2.2.2)
  puback_v5,         ///< PUBACK reason code, MQTT 5
  disconnect_v5,     ///< reason code of the server's DISCONNECT, MQTT 5
  system,            ///< errno
  resolver,          ///< getaddrinfo
  tls,               ///< OpenSSL, or a certificate that does not verify
  timed_out,         ///< a stage took longer than its time-out (code unused)
  closed_by_server,  ///< end of stream or reset (code: errno or 0)
  bad_packet,        ///< bytes that are no MQTT
  generator,         ///< our own doing (code unused)
  paho,              ///< return code of the Paho C library
};

/// The bucket of a cause: one pure function over one table, so that every engine calls the same
/// thing by the same name.
[[nodiscard]] fleet::Bucket classify(fleet::Stage stage, Source source, std::int64_t code);

/// The same cause for people: "CONNACK 5: not authorized", "DISCONNECT 0x8E: session taken over",
/// "Connection refused (errno 111)".
[[nodiscard]] std::string describe(Source source, std::int64_t code);

}  // namespace stresskit::mqtt
