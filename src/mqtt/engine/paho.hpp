#pragma once

#include "stresskit/mqtt/connections.hpp"

#include <memory>
#include <span>

namespace stresskit::mqtt {

/// The engine `paho`: Eclipse Paho MQTT C++, one asynchronous client a device. The reference that
/// the engine of our own is compared with.
///
/// Paho keeps one thread that sends and one that receives for the whole process, behind one lock.
/// They only leave records in a mailbox; `poll` turns these into events on the owner's thread.
/// MQTT 3.1.1 only. See `make_connections` for the rest.
[[nodiscard]] std::unique_ptr<Connections> make_paho(const config::Mqtt& settings,
                                                     std::span<const fleet::Device> devices,
                                                     support::Clock& clock);

}  // namespace stresskit::mqtt
