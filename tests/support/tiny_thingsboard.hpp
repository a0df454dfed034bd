#pragma once

#include "support/scripted_server.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace stresskit::test {

/// The few endpoints of ThingsBoard that devices are made with, in memory, so that a test can put
/// itself in front of any request. Answers are shaped as a live server's.
class TinyThingsBoard {
 public:
  using Request = ScriptedServer::Request;
  using Reply = ScriptedServer::Reply;

  struct Device {
    std::string id;
    std::string name;
    std::string label;
    std::string type;
    std::string profile_id;
    std::string token;
    std::string credentials_type = "ACCESS_TOKEN";
    std::string additional_info;
    std::map<std::string, std::string> attributes;  ///< values as JSON text
  };

  TinyThingsBoard();

  using Before = std::function<std::optional<Reply>(const Request&)>;
  using After = std::function<void(const Request&, Reply&)>;

  /// `before` sees every request first. An answer of its own is sent instead of the usual one,
  /// whose effect is left out.
  void before(Before before);
  /// `after` may change the usual answer after its effect.
  void after(After after);

  /// The one account.
  static constexpr const char* user = "tenant@example.org";
  static constexpr const char* password = "tenant";
  void set_authority(const std::string& authority);
  void set_token_life(int seconds);

  /// Adds a device as if another had made it. Before any request, or from `before` and `after`.
  Device& add(const std::string& name, const std::string& type = "sensor");
  void add_profile(const std::string& name, const std::string& transport = "DEFAULT");

  [[nodiscard]] std::string url() const { return server_.url(); }
  [[nodiscard]] ScriptedServer& server() { return server_; }
  /// A copy, ordered by name.
  [[nodiscard]] std::map<std::string, Device> devices() const;
  [[nodiscard]] std::vector<std::string> profiles() const;

  [[nodiscard]] static Reply error(int status, int code, const std::string& message);

 private:
  Reply handle(const Request& request);
  Reply usual(const Request& request);
  Reply log_in(const Request& request);
  Reply list(const Request& request);
  Reply save(const Request& request);
  Reply create(const Request& request, const std::string& name, const std::string& body);
  Reply device_call(const Request& request);
  Reply telemetry(const Request& request);
  Reply profile_page() const;
  std::string profile_id_of(const std::string& name);
  [[nodiscard]] Device* by_id(const std::string& id);
  [[nodiscard]] static std::string json_of(const Device& device);

  mutable std::recursive_mutex mutex_;
  // State below is guarded by mutex_.
  Before before_;
  After after_;
  std::string authority_ = "TENANT_ADMIN";
  int token_life_seconds_ = 9'000;
  std::map<std::string, Device> devices_;
  std::map<std::string, std::string> profiles_;    // name -> id
  std::map<std::string, std::string> transports_;  // name -> transport
  int next_id_ = 1;
  int log_ins_ = 0;

  ScriptedServer server_;  // last: its threads use everything above
};

}  // namespace stresskit::test
