#pragma once

#include "stresskit/mqtt/addresses.hpp"
#include "stresskit/mqtt/connections.hpp"

#include <memory>
#include <span>
#include <vector>

namespace stresskit::mqtt {

/// The engine `native`: our own MQTT client core (see mqtt/protocol) on non-blocking sockets in one
/// epoll set, MQTT 3.1.1 and 5, with OpenSSL where TLS is asked for. One descriptor and some 500
/// bytes a device (TLS: OpenSSL's own come on top), no thread, no lock; publishing is one write.
/// See `make_connections` for the rest.
[[nodiscard]] std::unique_ptr<Connections> make_native(const config::Mqtt& settings,
                                                       const std::vector<Address>& server,
                                                       std::span<const fleet::Device> devices,
                                                       support::Clock& clock);

}  // namespace stresskit::mqtt
