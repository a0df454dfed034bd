#include "contract/rest_replay.hpp"

#include "contract/recorded_case.hpp"
#include "support/mqtt_device.hpp"

#include <chrono>
#include <regex>
#include <thread>

namespace stresskit::contract {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

const std::regex uuid_form("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), to);
    at += to.size();
  }
}

/// The same token with another signature.
std::string badly_signed(std::string token) {
  char& letter = token[token.rfind('.') + 1];
  letter = letter == 'A' ? 'B' : 'A';
  return token;
}

std::int64_t second_now() {
  return std::chrono::system_clock::now().time_since_epoch() / 1s;
}

/// Asks again and again until it holds; throws after 20 s.
template <class Condition>
void wait_for(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("waited in vain");
    std::this_thread::sleep_for(5ms);
  }
}

}  // namespace

void RestReplay::prepare(const json& setup) {
  for (const json& step : setup.value("after", json::array())) take_step(step);
}

void RestReplay::take_step(const json& step) {
  if (step.is_string()) {
    const auto name = step.get<std::string>();
    if (!name.starts_with('@')) return replay_case(name);
    for (const json& part : find_group(name.substr(1))) take_step(part);
  } else if (step.contains("fault")) {
    sandbox_.fault(step.at("fault"));
  } else if (step.contains("mqtt_session")) {
    hold_mqtt_session(step.at("mqtt_session").get<std::string>(), step.value("publish", ""));
  } else {
    const std::string body = step.contains("body") ? step.at("body").dump() : "";
    const auto response = sandbox_.call(step.at("method").get<std::string>(),
                                        translate(step.at("path").get<std::string>()), body);
    if (response.status != 200) throw std::runtime_error("step refused: " + response.body);
    const json binds = step.value("bind", json::object());
    for (const auto& [recorded, pointer] : binds.items()) {
      const json answer = json::parse(response.body);
      ids_[recorded] = answer.at(json::json_pointer(pointer.get<std::string>()));
    }
  }
}

void RestReplay::replay_case(const std::string& name) {
  const json recorded = read_case(name);
  const Answer answer = ask(recorded, find_setup(name));
  if (answer.status != recorded.at("response").at("status")) {
    throw std::runtime_error("step " + name + " got " + answer.response.raw);
  }
  if (recorded.at("response").contains("body")) {
    bind_ids(recorded.at("response").at("body"), answer.body);
  }
}

void RestReplay::bind_ids(const json& recorded, const json& actual) {
  if (recorded.is_string() && actual.is_string()) {
    const auto id = recorded.get<std::string>();
    if (std::regex_match(id, uuid_form)) ids_[id] = actual.get<std::string>();
  } else if (recorded.is_object()) {
    for (const auto& [key, value] : recorded.items()) {
      if (actual.contains(key)) bind_ids(value, actual.at(key));
    }
  }
}

std::string RestReplay::translate(std::string text) const {
  for (const auto& [recorded, ours] : ids_) replace_all(text, recorded, ours);
  replace_all(text, "http://127.0.0.1:8080", sandbox_.url());
  return text;
}

json RestReplay::login(const std::string& user) {
  const json body{{"username", user + "@thingsboard.org"}, {"password", user}};
  const auto response = test::http(sandbox_.port(), "POST", "/api/auth/login", {}, body.dump());
  return json::parse(response.body);
}

/// The tokens of a session that has ended. The platform compares whole seconds: the logout must
/// come in a later one than the login.
json RestReplay::logged_out() {
  const std::int64_t second = second_now();
  json pair = login("tenant");
  wait_for([&] { return second_now() > second + 1; });
  test::http(sandbox_.port(), "POST", "/api/auth/logout",
             {{"X-Authorization", "Bearer " + pair.at("token").get<std::string>()}});
  return pair;
}

std::string RestReplay::token_for(const json& setup) {
  const std::string kind = setup.value("jwt", "");
  if (kind.starts_with("expired")) {
    sandbox_.fault({{"tokens", {{"access_life_s", -1}, {"refresh_life_s", -1}}}});
  }
  const json pair =
      kind.ends_with("logged-out") ? logged_out() : login(setup.value("as", "tenant"));
  const bool is_refresh = kind.find("refresh") != std::string::npos;
  const std::string token = pair.at(is_refresh ? "refreshToken" : "token");
  return kind.starts_with("badly-signed") ? badly_signed(token) : token;
}

RestReplay::Answer RestReplay::ask(const json& recorded, const json& setup) {
  const json& request = recorded.at("request");
  std::string token;
  const auto fill_in = [&](std::string text) {
    if (text.find("<jwt>") != std::string::npos && token.empty()) token = token_for(setup);
    replace_all(text, "<jwt>", token);
    return translate(std::move(text));
  };
  test::HttpConnection::Headers headers;
  const json recorded_headers = request.value("headers", json::object());
  for (const auto& [name, value] : recorded_headers.items()) {
    headers.emplace_back(name, fill_in(value.get<std::string>()));
  }
  std::string body = request.value("bodyText", "");
  if (recorded.at("response").contains("raw")) body.clear();  // only the head was sent
  if (request.contains("body")) {
    json sent = request.at("body");
    if (sent.is_object() && sent.value("refreshToken", "").starts_with("eyJ")) {
      sent["refreshToken"] = "<jwt>";
    }
    body = fill_in(sent.dump());
  }
  Answer answer;
  answer.response = test::http(sandbox_.port(), request.at("method").get<std::string>(),
                               fill_in(request.at("path").get<std::string>()), headers, body);
  answer.status = answer.response.status;
  answer.body = json::parse(answer.response.body, nullptr, false);
  return answer;
}

void RestReplay::hold_mqtt_session(const std::string& token, const std::string& telemetry) {
  const auto sessions = [&] { return sandbox_.state().at("sessions"); };
  {
    test::MqttDevice device(sandbox_.mqtt_port());
    if (device.connect(token) != 0) throw std::runtime_error("the device is not let in");
    if (!telemetry.empty() && !device.publish(telemetry)) {
      throw std::runtime_error("not acknowledged: " + telemetry);
    }
    wait_for([&] { return sessions() == 1; });
  }
  wait_for([&] { return sessions() == 0; });
}

}  // namespace stresskit::contract
