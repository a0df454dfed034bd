#include "preflight/mqtt_probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace stresskit::preflight {

namespace {

using namespace std::chrono_literals;
using fleet::Bucket;
using fleet::Failure;
using support::Mono;

/// Remembers how the one attempt ended.
class Ending final : public mqtt::Events {
 public:
  void connected(mqtt::Slot, const mqtt::Accepted& accepted, Mono::time_point) override {
    times = accepted.times;
  }
  void refused(mqtt::Slot, const Failure& failure, Mono::time_point) override { trouble = failure; }
  void acknowledged(mqtt::Slot, mqtt::MessageId, Mono::time_point) override {}
  void rejected(mqtt::Slot, mqtt::MessageId, const Failure&, Mono::time_point) override {}
  void lost(mqtt::Slot, const Failure& failure, std::optional<mqtt::MessageId>,
            Mono::time_point) override {
    trouble = failure;
  }

  std::optional<mqtt::ConnectTimes> times;
  std::optional<Failure> trouble;
};

std::string_view advice(Bucket bucket, const config::Mqtt& settings) {
  switch (bucket) {
    case Bucket::auth:
      return "the server does not know this token: run `provision` to fetch the tokens anew";
    case Bucket::network_timeout:
      return "check MQTT_HOST, MQTT_PORT and firewalls";
    case Bucket::tls:
      return settings.tls ? "check MQTT_CA_FILE, and that MQTT_HOST is the name in the certificate"
                          : "check MQTT_TLS";
    case Bucket::broker:
      return "the server is overloaded, limits this tenant, or the device profile has another "
             "transport than MQTT";
    case Bucket::client_id:
    case Bucket::protocol:
      return "check MQTT_VERSION and that MQTT_PORT is ThingsBoard's MQTT port";
    default:
      return "check MQTT_HOST, MQTT_PORT and MQTT_TLS, and that ThingsBoard's MQTT transport runs";
  }
}

}  // namespace

support::Result<mqtt::ConnectTimes, Failure> try_to_connect(const config::Mqtt& settings,
                                                            const fleet::Device& device,
                                                            support::Clock& clock,
                                                            std::stop_token stop) {
  const std::array<fleet::Device, 1> devices{device};
  const auto server = mqtt::resolve(settings, stop);
  if (server.empty()) {
    return support::failure(Failure{fleet::Stage::connect, Bucket::network_timeout, "stopped"});
  }
  const auto connections = mqtt::make_connections(settings, server, devices, clock);
  Ending ending;
  connections->open(0);
  // The engine keeps the time-out itself; this is for one that does not.
  const Mono::time_point deadline = clock.now() + settings.connect_timeout + 1s;
  while (!ending.times && !ending.trouble && !stop.stop_requested() && clock.now() < deadline) {
    connections->poll(std::min(deadline, clock.now() + 100ms), ending);
  }
  connections->shutdown(clock.now() + 1s);
  if (ending.times && !ending.trouble) {
    return *ending.times;
  }
  return support::failure(
      ending.trouble.value_or(Failure{fleet::Stage::connect, Bucket::network_timeout,
                                      stop.stop_requested() ? "stopped" : "no answer in time"}));
}

std::string explain(const Failure& failure, const config::Mqtt& settings,
                    const std::string& device) {
  return fmt::format("cannot connect to MQTT at {}:{} as {}: {} ({}); {}", settings.host,
                     settings.port, device, failure.detail, fleet::to_string(failure.bucket),
                     advice(failure.bucket, settings));
}

}  // namespace stresskit::preflight
