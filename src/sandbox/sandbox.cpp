#include "stresskit/sandbox/sandbox.hpp"

#include "sandbox/http_server.hpp"
#include "sandbox/platform.hpp"
#include "sandbox/probe.hpp"
#include "sandbox/rest_endpoints.hpp"
#include "sandbox/rest_faults.hpp"
#include "sandbox/rest_front.hpp"
#include "sandbox/router.hpp"
#include "sandbox/transport_host.hpp"

#include "stresskit/support/error.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <condition_variable>
#include <mutex>
#include <utility>

namespace stresskit::sandbox {

/// In the order of their use: the server goes first, the platform last.
class Sandbox::Parts {
 public:
  explicit Parts(Options options)
      : options_(std::move(options)),
        platform_(options_.tenant_username, options_.tenant_password),
        transport_(platform_, {options_.transport_program, options_.host, options_.mqtt_port}),
        front_(platform_, faults_, wire()),
        server_(front_, options_.host, options_.port) {}

  /// Everything that must stand before the first request.
  Router& wire() {
    platform_.on_evict([this](const std::string& device, std::uint8_t reason) {
      transport_.evict(device, reason);
    });
    add_auth_routes(router_, platform_);
    add_device_routes(router_, platform_);
    add_credentials_routes(router_, platform_);
    add_profile_routes(router_, platform_);
    add_telemetry_routes(router_, platform_);
    add_attribute_routes(router_, platform_);
    add_queue_stats_routes(router_, platform_);
    add_entity_query_routes(router_, platform_);
    add_system_routes(router_, platform_);
    add_prometheus_routes(router_, platform_);
    add_tenant_profile_routes(router_, platform_, transport_);
    add_recorder_routes(router_, platform_, transport_);
    add_control_routes(router_, platform_, faults_, transport_);
    return router_;
  }

  Options options_;
  Platform platform_;
  TransportHost transport_;
  RestFaults faults_;
  Router router_;
  RestFront front_;
  HttpServer server_;
};

Sandbox::Sandbox(Options options) : parts_(std::make_unique<Parts>(std::move(options))) {}
Sandbox::~Sandbox() = default;

std::uint16_t Sandbox::port() const {
  return parts_->server_.port();
}
std::uint16_t Sandbox::mqtt_port() const {
  return parts_->transport_.port();
}

void Sandbox::require_ready(std::chrono::milliseconds deadline) const {
  const std::string& host = parts_->options_.host;
  if (http_answers(host, port(), deadline) && mqtt_answers(host, mqtt_port(), deadline)) return;
  throw support::Error(support::ExitCode::failed,
                       fmt::format("the sandbox on {} does not answer itself", host));
}

std::string Sandbox::env_lines() const {
  const Options& options = parts_->options_;
  return fmt::format(
      "TB_URL=http://{0}:{1}\nTB_USERNAME={2}\nTB_PASSWORD={3}\nMQTT_HOST={0}\nMQTT_PORT={4}\n",
      options.host, port(), options.tenant_username, options.tenant_password, mqtt_port());
}

std::string Sandbox::env_json() const {
  const Options& options = parts_->options_;
  const nlohmann::ordered_json json{{"TB_URL", fmt::format("http://{}:{}", options.host, port())},
                                    {"TB_USERNAME", options.tenant_username},
                                    {"TB_PASSWORD", options.tenant_password},
                                    {"MQTT_HOST", options.host},
                                    {"MQTT_PORT", mqtt_port()}};
  return json.dump() + "\n";
}

void Sandbox::run(std::stop_token stop) const {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait(lock, stop, [] { return false; });
}

}  // namespace stresskit::sandbox
