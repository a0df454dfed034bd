#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/mqtt/addresses.hpp"

#include <cstdint>
#include <vector>

namespace stresskit::preflight {

/// Makes this machine ready for so many connections from this process to one server, or throws
/// support::Error(usage), which says what is missing and how to change it:
///
/// * open files: the soft limit is raised as far as needed and the hard limit allows;
/// * local ports: one address reaches one server port only as often as there are ports in
///   `net.ipv4.ip_local_port_range`, so MQTT_LOCAL_ADDRS multiplies them (those of the family of
///   `server`, the server's addresses);
/// * memory: what connections of this engine, with or without TLS, take here and in the kernel,
///   against what is available.
///
/// More worker threads than processors are allowed, with a warning.
void require_capacity(std::uint64_t connections, const config::Mqtt& settings,
                      const std::vector<mqtt::Address>& server);

}  // namespace stresskit::preflight
