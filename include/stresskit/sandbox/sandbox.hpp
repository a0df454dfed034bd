#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace stresskit::sandbox {

struct Options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;       ///< REST; 0: a free one
  std::uint16_t mqtt_port = 1883;  ///< 0: a free one
  std::string tenant_username = "tenant@thingsboard.org";
  std::string tenant_password = "tenant";
  /// Run as `<program> --transport ...` for the MQTT transport's process: the program that calls
  /// `transport_main`.
  std::string transport_program = "/proc/self/exe";
};

/// A stand-in for a ThingsBoard server, for trying the kit and for testing it: REST in this
/// process, the MQTT transport in a child of its own, and switches for what can go wrong under
/// `/sandbox/` (docs/sandbox.md). Answers are those of ThingsBoard CE 4.3.1.3, as recorded.
///
/// It keeps everything in memory and is gone with this object; the child ends with it, however
/// this process ends.
///
/// Errors: the constructor throws support::Error(usage) when a port is taken.
/// Threads: one.
class Sandbox {
 public:
  explicit Sandbox(Options options);
  ~Sandbox();

  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::uint16_t mqtt_port() const;

  /// Returns once REST and MQTT both answer; throws support::Error(failed) after `deadline`.
  void require_ready(std::chrono::milliseconds deadline) const;

  /// The `.env` lines that point the kit here: TB_URL, TB_USERNAME, TB_PASSWORD, MQTT_HOST,
  /// MQTT_PORT.
  [[nodiscard]] std::string env_lines() const;

  /// The same as one line with a JSON object.
  [[nodiscard]] std::string env_json() const;

  /// Serves until `stop` is requested.
  void run(std::stop_token stop) const;

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

/// Call it first in `main`: when the process was started as a transport child, serves as one and
/// returns its exit code; otherwise nothing.
[[nodiscard]] std::optional<int> transport_main(int argc, const char* const* argv);

}  // namespace stresskit::sandbox
