#pragma once

#include "support/child_process.hpp"
#include "support/http_client.hpp"
#include "support/temp_dir.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace stresskit::test {

/// The built `run_sandbox` on free ports, as a process of its own. Its switches are those of
/// docs/sandbox.md. It never outlives its object.
class SandboxProcess {
 public:
  /// Returns when REST and MQTT answer. Throws std::runtime_error with its log when they do not
  /// within 30 s.
  SandboxProcess();
  /// Ends it by SIGTERM, so that a sanitizer sees its end and its lines are counted.
  ~SandboxProcess();
  SandboxProcess(const SandboxProcess&) = delete;
  SandboxProcess& operator=(const SandboxProcess&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::uint16_t mqtt_port() const { return mqtt_port_; }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::string username() const { return "tenant@thingsboard.org"; }
  [[nodiscard]] std::string password() const { return "tenant"; }
  /// The file with the `.env` lines that point the kit at it.
  [[nodiscard]] std::filesystem::path env_file() const { return dir_ / "sandbox.env"; }

  /// POST /sandbox/faults; throws when the sandbox refuses. Returns its state afterwards.
  nlohmann::json fault(const nlohmann::json& switches);
  /// DELETE /sandbox/faults: back to normal, the transport started again if it was stopped.
  void clear_faults();
  [[nodiscard]] nlohmann::json state();
  /// Messages accepted over MQTT: {"messages": total, "devices": {name: count}}.
  [[nodiscard]] nlohmann::json recorder();

  /// A fresh access token of the tenant (or of another of its accounts).
  [[nodiscard]] std::string login();
  [[nodiscard]] std::string login(const std::string& username, const std::string& password);
  /// Creates a device and returns its id.
  std::string create_device(const std::string& name, const std::string& token);
  /// An authorised call on a connection of its own; a non-empty body is sent as JSON.
  HttpResponse call(const std::string& method, const std::string& target,
                    const std::string& body = {});

  /// SIGTERM, and the exit code; throws when it does not end within 20 s.
  int stop();
  void kill() { process_->kill(); }

  /// What it printed and logged so far, for the message of a failed test.
  [[nodiscard]] std::string log() const;

 private:
  /// SIGTERM; whether it ended within 20 s.
  bool ends_when_asked();
  nlohmann::json control(const std::string& method, const std::string& target,
                         const std::string& body);

  TempDir dir_;
  std::optional<ChildProcess> process_;
  std::uint16_t port_ = 0;
  std::uint16_t mqtt_port_ = 0;
  std::string token_;
};

}  // namespace stresskit::test
