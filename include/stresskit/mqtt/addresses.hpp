#pragma once

#include "stresskit/config/settings.hpp"

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <sys/socket.h>
#include <vector>

namespace stresskit::mqtt {

/// An IP address and a port.
struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;

  [[nodiscard]] const sockaddr* get() const;
  [[nodiscard]] int family() const { return storage.ss_family; }
};

/// More than anybody would wait for.
inline constexpr std::size_t most_addresses = 16;

/// The server's addresses in the order the system recommends (RFC 6724), at least one. To be called
/// once a run: every worker uses the same ones. Empty when a stop was requested meanwhile.
///
/// The system's resolver cannot be interrupted, so a name is looked up on a thread that is left
/// behind when the stop, or the connect time-out, comes first.
///
/// Throws support::Error(unreachable) when there is none or no answer in time.
[[nodiscard]] std::vector<Address> resolve(const config::Mqtt& settings, std::stop_token stop = {});

/// The addresses of this machine to connect from (MQTT_LOCAL_ADDRS). Throws support::Error(usage)
/// for one that is no IP address or not this machine's.
[[nodiscard]] std::vector<Address> local_addresses(const std::vector<std::string>& list);

/// Those of `server` that have an address of their own family (IPv4, IPv6) among `local`; all when
/// `local` is empty. Throws support::Error(usage) when none is left.
[[nodiscard]] std::vector<Address> reachable_from(const std::vector<Address>& local,
                                                  std::vector<Address> server);

/// Whether `host` is an IP address rather than a name.
[[nodiscard]] bool is_ip_address(const std::string& host);

}  // namespace stresskit::mqtt
