#pragma once

// The words between the sandbox and its MQTT transport, which is a child process of its own so
// that stopping, freezing and killing it are real.

#include <cstdint>
#include <string>

namespace stresskit::sandbox {

// Frames on a SOCK_STREAM socket pair: 4 bytes length (little endian, of what follows), 1 byte
// type, body. Strings: 4 bytes length, bytes. Integers little endian.
//
// transport -> platform
//   connect    request u64, user_name str, has_user_name u8, client_id str, password str,
//              has_password u8, source_address str
//   opened     session u64, device str(uuid)    (together with CONNACK 0)
//   closed     session u64, device str(uuid)
//   telemetry  device str(uuid), arrival_ms i64, payload str
//              (strict JSON, checked; put into the link before the PUBACK is sent)
//   attributes device str(uuid), payload str    (strict JSON, an object)
//   synced     number u64                       (the answer to sync)
// platform -> transport
//   verdict    request u64, code u8 (MQTT 3.1.1), code_v5 u8, device str(uuid), is_gateway u8
//   evict      device str(uuid), reason u8      (deleted or credentials changed: 0x98)
//   limits     str: the JSON document below
//   sync       number u64                       (everything sent before it has been acted on, and
//              everything the transport sent before its answer has been received)
//
// The document is the whole state, never a change to an earlier one: what it leaves out (or sets to
// null) has its default. `parse_transport_settings` (transport_settings.hpp) says what is wrong
// with one; the transport ignores a wrong one.
//   {
//     "rate_limits": {                 as in a tenant profile, "capacity:seconds[,...]"; none
//       "transportTenantMsgRateLimit": "100:1,2000:60",
//       "transportTenantTelemetryMsgRateLimit": "...",
//       "transportTenantTelemetryDataPointsRateLimit": "...",
//       "transportDeviceMsgRateLimit": "...",
//       "transportDeviceTelemetryMsgRateLimit": "...",
//       "transportDeviceTelemetryDataPointsRateLimit": "..."
//     },
//     "quota_reached": false,          monthly quota used up: CONNECT refused, PUBLISH closes
//     "ip_block": {                    off; after so many refused credentials in a row from an
//       "wrong_credentials": 10,       address its connections are closed on CONNECT, unanswered
//       "block_ms": 60000
//     },
//     "refuse": {                      off; every CONNECT is refused with this code
//       "code": 3, "code_v5": 136
//     },
//     "close_on_accept": false,        connections are accepted by TCP and closed at once
//     "max_connections_per_address": 0,  more are accepted by TCP and closed at once, as the
//     HAProxy
//                              of ThingsBoard's docker set-up does above 50; 0: no limit
//     "connack_delay_ms": 0,
//     "puback_delay_ms": 0,            and all other answers that the core of the platform gives
//     "inactivity_ms": 600000          sessions silent for so long are closed
//   }
enum class Frame : std::uint8_t {
  connect = 1,
  opened = 2,
  closed = 3,
  telemetry = 4,
  attributes = 5,
  synced = 6,
  verdict = 65,
  evict = 66,
  limits = 67,
  sync = 68,
};

}  // namespace stresskit::sandbox
