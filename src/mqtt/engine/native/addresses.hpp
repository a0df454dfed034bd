#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <sys/socket.h>
#include <vector>

namespace stresskit::mqtt::native {

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;

  [[nodiscard]] const sockaddr* get() const;
};

/// More than anybody would wait for.
inline constexpr std::size_t most_addresses = 16;

/// The addresses of a host in the order the system recommends (RFC 6724), at least one.
/// Throws support::Error(unreachable) when there is none.
[[nodiscard]] std::vector<Address> resolve(const std::string& host, std::uint16_t port);

/// The addresses of this machine to connect from. Throws support::Error(usage) for one that is no
/// IP address or not this machine's.
[[nodiscard]] std::vector<Address> local_addresses(const std::vector<std::string>& list);

/// Whether `host` is an IP address rather than a name.
[[nodiscard]] bool is_ip_address(const std::string& host);

}  // namespace stresskit::mqtt::native
