#pragma once

#include "support/sandbox_process.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <string>

namespace stresskit::contract {

/// Asks a fresh sandbox what the recorded client asked, and knows which of its ids stands for
/// which recorded one.
class RestReplay {
 public:
  struct Answer {
    int status = 0;
    test::HttpResponse response;
    nlohmann::json body;  ///< discarded when it is no JSON
  };

  /// Brings the sandbox into the state `setup` asks for.
  void prepare(const nlohmann::json& setup);

  /// Sends the recorded request as `setup` says, with our ids in the place of the recorded ones.
  Answer ask(const nlohmann::json& recorded, const nlohmann::json& setup);

  /// The recorded text with our ids and address in it.
  [[nodiscard]] std::string translate(std::string text) const;

 private:
  void take_step(const nlohmann::json& step);
  void replay_case(const std::string& name);
  void bind_ids(const nlohmann::json& recorded, const nlohmann::json& actual);
  [[nodiscard]] std::string token_for(const nlohmann::json& setup);
  [[nodiscard]] nlohmann::json login(const std::string& user);
  [[nodiscard]] nlohmann::json logged_out();
  /// A session of the device that comes and goes, and sends `telemetry` unless it is empty.
  void hold_mqtt_session(const std::string& token, const std::string& telemetry);

  test::SandboxProcess sandbox_;
  std::map<std::string, std::string> ids_;  // recorded -> ours
};

/// Compares an answer with the recorded one; empty when they agree, otherwise what differs.
[[nodiscard]] std::string difference(const nlohmann::json& recorded,
                                     const RestReplay::Answer& answer, const nlohmann::json& setup,
                                     const RestReplay& replay);

}  // namespace stresskit::contract
