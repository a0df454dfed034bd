#include "support/sandbox_process.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace stresskit::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr auto poll_every = 10ms;

std::string contents(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::uint16_t port_behind(const std::string& text, const std::string& prefix) {
  const std::size_t at = text.find(prefix);
  if (at == std::string::npos) throw std::runtime_error("no " + prefix + " in: " + text);
  return static_cast<std::uint16_t>(std::atoi(text.c_str() + at + prefix.size()));
}

}  // namespace

SandboxProcess::SandboxProcess() {
  process_.emplace(std::vector<std::string>{STRESSKIT_BIN_DIR "/run_sandbox", "--port", "0",
                                            "--mqtt-port", "0", "--env-out", env_file().string()},
                   dir_ / "log");
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  while (!std::filesystem::exists(env_file())) {
    if (!process_->running() || std::chrono::steady_clock::now() > deadline) {
      throw std::runtime_error("run_sandbox did not get ready: " + log());
    }
    std::this_thread::sleep_for(poll_every);
  }
  const std::string env = contents(env_file());
  port_ = port_behind(env, "TB_URL=http://127.0.0.1:");
  mqtt_port_ = port_behind(env, "MQTT_PORT=");
}

SandboxProcess::~SandboxProcess() {
  ends_when_asked();
}

json SandboxProcess::control(const std::string& method, const std::string& target,
                             const std::string& body) {
  const HttpResponse response = http(port_, method, target, {}, body);
  if (response.status != 200) {
    throw std::runtime_error("the sandbox refuses " + target + ": " + response.body);
  }
  return json::parse(response.body);
}

json SandboxProcess::fault(const json& switches) {
  return control("POST", "/sandbox/faults", switches.dump());
}
void SandboxProcess::clear_faults() {
  control("DELETE", "/sandbox/faults", "");
}
json SandboxProcess::state() {
  return control("GET", "/sandbox/state", "");
}
json SandboxProcess::recorder() {
  return control("GET", "/sandbox/recorder", "");
}

std::string SandboxProcess::login() {
  return login(username(), password());
}

std::string SandboxProcess::login(const std::string& username, const std::string& password) {
  const json body{{"username", username}, {"password", password}};
  const HttpResponse response =
      http(port_, "POST", "/api/auth/login", {{"Content-Type", "application/json"}}, body.dump());
  if (response.status != 200) throw std::runtime_error("cannot log in: " + response.body);
  return json::parse(response.body).at("token").get<std::string>();
}

std::string SandboxProcess::create_device(const std::string& name, const std::string& token) {
  const HttpResponse response =
      call("POST", "/api/device?accessToken=" + token, json{{"name", name}}.dump());
  if (response.status != 200) throw std::runtime_error("cannot create a device: " + response.body);
  return json::parse(response.body).at("id").at("id").get<std::string>();
}

HttpResponse SandboxProcess::call(const std::string& method, const std::string& target,
                                  const std::string& body) {
  if (token_.empty()) token_ = login();
  HttpConnection::Headers headers{{"X-Authorization", "Bearer " + token_}};
  if (!body.empty()) headers.emplace_back("Content-Type", "application/json");
  return http(port_, method, target, headers, body);
}

int SandboxProcess::stop() {
  if (!ends_when_asked()) {
    throw std::runtime_error("run_sandbox does not end: " + log());
  }
  return process_->exit_code();
}

bool SandboxProcess::ends_when_asked() {
  process_->signal(SIGTERM);
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (process_->running() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(poll_every);
  }
  return !process_->running();
}

std::string SandboxProcess::log() const {
  return contents(dir_ / "log");
}

}  // namespace stresskit::test
