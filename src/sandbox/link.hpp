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
//   connect   : request u64, user_name str, has_user_name u8, client_id str, password str,
//   has_password u8, source_address str opened    : session u64, device str(uuid)          (CONNACK
//   0 was sent) closed    : session u64, device str(uuid) telemetry : device str(uuid), arrival_ms
//   i64, payload str   (validated JSON; sent before PUBACK) attributes: device str(uuid), payload
//   str
// platform -> transport
//   verdict   : request u64, code u8 (MQTT 3.1.1), code_v5 u8, device str(uuid), is_gateway u8
//   evict     : device str(uuid), reason u8           (deleted or credentials changed: 0x98)
//   limits    : JSON document of limits and faults
enum class Frame : std::uint8_t {
  connect = 1,
  opened = 2,
  closed = 3,
  telemetry = 4,
  attributes = 5,
  verdict = 65,
  evict = 66,
  limits = 67,
};

}  // namespace stresskit::sandbox
