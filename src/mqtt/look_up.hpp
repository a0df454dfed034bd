#pragma once

#include "stresskit/mqtt/addresses.hpp"

#include <functional>

namespace stresskit::mqtt {

struct Found {
  int code = 0;  ///< of getaddrinfo; 0: found
  std::vector<Address> addresses;
};

/// Asks the system's resolver, and may wait for it.
[[nodiscard]] Found look_up(const std::string& host, std::uint16_t port);

/// `resolve` with another resolver.
[[nodiscard]] std::vector<Address> resolve_with(
    std::function<Found(const std::string&, std::uint16_t)> resolver, const config::Mqtt& settings,
    const std::stop_token& stop);

}  // namespace stresskit::mqtt
