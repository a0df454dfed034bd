#include "mqtt/engine/authorities.hpp"
#include "mqtt/engine/native.hpp"
#include "mqtt/engine/paho.hpp"

#include "stresskit/mqtt/connections.hpp"
#include "stresskit/support/error.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <memory>

namespace stresskit::mqtt {
namespace {

using support::Error;
using support::ExitCode;

/// Paho would find out at each connection, and say less.
void require_usable_ca_file(const config::Mqtt& settings) {
  if (settings.tls && !settings.tls_insecure) {
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(
        SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    load_authorities(context.get(), settings.ca_file);
  }
}

}  // namespace

std::unique_ptr<Connections> make_connections(const config::Mqtt& settings,
                                              const std::vector<Address>& server,
                                              std::span<const fleet::Device> devices,
                                              support::Clock& clock) {
  if (settings.engine == "native") {
    return make_native(settings, server, devices, clock);
  }
  if (settings.engine == "paho") {
    require_usable_ca_file(settings);
    if (settings.version != "3.1.1") {
      throw Error(ExitCode::usage,
                  fmt::format("the MQTT engine paho speaks MQTT 3.1.1 only, not {}; set "
                              "MQTT_VERSION=3.1.1 or MQTT_ENGINE=native",
                              settings.version));
    }
    if (!settings.local_addresses.empty()) {
      throw Error(ExitCode::usage, "MQTT_LOCAL_ADDRS needs MQTT_ENGINE=native: Paho cannot choose");
    }
    return make_paho(settings, devices, clock);
  }
  throw Error(ExitCode::usage,
              fmt::format("there is no MQTT engine \"{}\"; MQTT_ENGINE can be native or paho",
                          settings.engine));
}

}  // namespace stresskit::mqtt
