#pragma once

#include "stresskit/support/result.hpp"

#include <cstdint>
#include <string>
#include <sys/types.h>

namespace stresskit::sandbox {

/// A socket that listens on `host` (IPv4) and `port` (0: a free one); the caller owns it. The error
/// says what stands in the way.
[[nodiscard]] support::Result<int> listen_on(const std::string& host, std::uint16_t port);

/// The port a socket is bound to.
[[nodiscard]] std::uint16_t port_of(int socket);

/// Starts `program` as the MQTT transport (see `transport_main`) with these two descriptors and no
/// signal blocked: run_app blocks SIGINT and SIGTERM, and a child inherits that.
[[nodiscard]] support::Result<pid_t> spawn_transport(const std::string& program, int link,
                                                     int listener);

}  // namespace stresskit::sandbox
