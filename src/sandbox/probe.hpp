#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace stresskit::sandbox {

/// Whether an MQTT transport at `host`:`port` answers a CONNECT (any CONNACK will do).
[[nodiscard]] bool mqtt_answers(const std::string& host, std::uint16_t port,
                                std::chrono::milliseconds deadline);

/// Whether an HTTP server there answers a request (any status will do).
[[nodiscard]] bool http_answers(const std::string& host, std::uint16_t port,
                                std::chrono::milliseconds deadline);

}  // namespace stresskit::sandbox
