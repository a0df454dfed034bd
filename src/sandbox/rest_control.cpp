// `/sandbox/...`: the sandbox's own switches and figures. Documented in docs/sandbox.md.
#include "sandbox/rest_endpoints.hpp"
#include "sandbox/server_clock.hpp"
#include "sandbox/transport_settings.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <csignal>
#include <cstdint>
#include <functional>
#include <map>

namespace stresskit::sandbox {
namespace {

using nlohmann::json;

/// What the switches act on.
struct Controls {
  Platform& platform;
  RestFaults& faults;
  TransportHost& transport;
};

const char* to_string(TransportHost::State state) {
  switch (state) {
    case TransportHost::State::running:
      return "running";
    case TransportHost::State::frozen:
      return "frozen";
    case TransportHost::State::stopped:
      return "stopped";
  }
  return "";
}

json state_json(const Controls& controls) {
  controls.transport.settle();
  const Recorder::Totals totals = controls.platform.recorder.totals();
  return {{"devices", controls.platform.devices.size()},
          {"sessions", totals.sessions},
          {"sessions_opened", totals.sessions_opened},
          {"messages", totals.messages},
          {"backlog", controls.platform.storage.backlog()},
          {"samples", controls.platform.telemetry.size()},
          {"transport", to_string(controls.transport.state())},
          {"faults", controls.faults.to_json()}};
}

void set_tokens(Platform& platform, const json& wish) {
  TokenLife life = platform.accounts.token_life();
  life.access_s = wish.value("access_life_s", life.access_s);
  life.refresh_s = wish.value("refresh_life_s", life.refresh_s);
  platform.accounts.set_token_life(life);
  const std::string expire = wish.value("expire", "");
  if (!expire.empty() && expire != "access" && expire != "all") {
    throw bad_request("tokens: expire is \"access\" or \"all\"");
  }
  if (!expire.empty()) platform.accounts.expire_tokens(expire == "all");
}

void set_account(Platform& platform, const json& wish) {
  const std::string email = wish.value("username", "");
  bool known = true;
  if (wish.contains("enabled")) {
    known = platform.accounts.set_enabled(email, wish.at("enabled").get<bool>());
  }
  if (wish.contains("password")) {
    known = platform.accounts.set_password(email, wish.at("password").get<std::string>());
  }
  if (!known) throw bad_request("account: no user \"" + email + "\"");
}

void set_transport(TransportHost& transport, const std::string& wish) {
  if (wish == "stop") {
    transport.stop(SIGTERM);
  } else if (wish == "kill") {
    transport.stop(SIGKILL);
  } else if (wish == "freeze") {
    transport.freeze();
  } else if (wish == "thaw") {
    transport.thaw();
  } else if (wish == "start") {
    const auto started = transport.start();
    if (!started) throw bad_request("transport: " + started.error());
  } else {
    throw bad_request("transport: stop, kill, freeze, thaw or start, not \"" + wish + "\"");
  }
}

void set_storage(Platform& platform, const json& wish) {
  const auto behaviour = parse_storage_behaviour(wish);
  if (!behaviour) throw bad_request(behaviour.error());
  platform.storage.configure(*behaviour);
}

void set_rest_limits(Platform& platform, const json& wish) {
  const auto rates = parse_rest_rates(wish);
  if (!rates) throw bad_request(rates.error());
  platform.rest_limits.configure(*rates);
}

std::uint64_t whole(const json& wish, const char* key) {
  if (!wish.is_number_unsigned()) throw bad_request(fmt::format("{}: a whole number", key));
  return wish.get<std::uint64_t>();
}

void set_clock(const json& wish) {
  if (!wish.is_number_integer()) throw bad_request("clock_offset_ms: a whole number");
  set_clock_offset(std::chrono::milliseconds(wish.get<std::int64_t>()));
}

void set_mqtt(TransportHost& transport, const std::string& wish) {
  const auto settings = parse_transport_settings(wish);
  if (!settings) throw bad_request("mqtt: " + settings.error());
  transport.set_limits(wish);
}

/// Everything but accounts and data is as it was at the start.
void reset(const Controls& controls) {
  controls.faults.clear();
  controls.platform.devices.set_max_devices(0);
  controls.platform.accounts.set_token_life({});
  controls.platform.storage.configure({});
  controls.platform.rest_limits.configure({});
  controls.platform.figures.set_period(ServerFigures::default_period);
  controls.platform.max_transport_messages = 0;
  set_clock_offset({});
  controls.transport.set_limits("{}");
  controls.transport.thaw();
  if (controls.transport.state() == TransportHost::State::stopped) {
    set_transport(controls.transport, "start");
  }
}

void add_rest_faults(RestFaults& faults, const json& wish) {
  // All are read before any is switched on.
  std::vector<RestFault> parsed;
  for (const json& one : wish.is_array() ? wish : json::array({wish})) {
    parsed.push_back(RestFaults::parse(one));
  }
  for (RestFault& fault : parsed) faults.add(std::move(fault));
}

Answer switch_faults(const Controls& controls, const RestCall& call) {
  const std::map<std::string, std::function<void(const json&)>> switches{
      {"rest", [&](const json& wish) { add_rest_faults(controls.faults, wish); }},
      {"tokens", [&](const json& wish) { set_tokens(controls.platform, wish); }},
      {"account", [&](const json& wish) { set_account(controls.platform, wish); }},
      {"max_devices",
       [&](const json& wish) {
         controls.platform.devices.set_max_devices(whole(wish, "max_devices"));
       }},
      {"storage", [&](const json& wish) { set_storage(controls.platform, wish); }},
      {"rest_limits", [&](const json& wish) { set_rest_limits(controls.platform, wish); }},
      {"clock_offset_ms", [](const json& wish) { set_clock(wish); }},
      {"report_every_ms",
       [&](const json& wish) {
         if (!wish.is_number_unsigned() || wish == 0U) {
           throw bad_request("report_every_ms: a whole number above 0");
         }
         controls.platform.figures.set_period(std::chrono::milliseconds(wish.get<std::int64_t>()));
       }},
      {"max_transport_messages",
       [&](const json& wish) {
         controls.platform.max_transport_messages = whole(wish, "max_transport_messages");
       }},
      {"mqtt", [&](const json& wish) { set_mqtt(controls.transport, wish.dump()); }},
      {"transport",
       [&](const json& wish) { set_transport(controls.transport, wish.get<std::string>()); }}};
  const json body = json::parse(call.body, nullptr, false);
  if (!body.is_object()) throw bad_request("not a JSON object");
  for (const auto& [name, wish] : body.items()) {
    if (!switches.contains(name)) throw bad_request("unknown switch \"" + name + "\"");
  }
  try {
    for (const auto& [name, wish] : body.items()) switches.at(name)(wish);
  } catch (const json::exception& wrong) {
    throw bad_request(wrong.what());
  }
  return json_answer(state_json(controls));
}

}  // namespace

void add_control_routes(Router& router, Platform& platform, RestFaults& faults,
                        TransportHost& transport) {
  const Controls controls{platform, faults, transport};
  router.add("GET", "/sandbox/state", Access::open,
             [controls](const RestCall&) { return json_answer(state_json(controls)); });
  router.add("POST", "/sandbox/faults", Access::open,
             [controls](const RestCall& call) { return switch_faults(controls, call); });
  router.add("DELETE", "/sandbox/faults", Access::open, [controls](const RestCall&) {
    reset(controls);
    return json_answer(state_json(controls));
  });
}

}  // namespace stresskit::sandbox
