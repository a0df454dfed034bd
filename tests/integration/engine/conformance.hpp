#pragma once

#include "support/recorded_events.hpp"

#include "stresskit/mqtt/connections.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace stresskit::mqtt {

// What every engine promises, whatever it is made of. The tests are run once an engine and, for
// the one that speaks both, once a version of MQTT; a new engine adds its name here.
inline const std::vector<std::string>& engines() {
  static const std::vector<std::string> names{"native", "native_mqtt5", "paho"};
  return names;
}

class EngineConformance : public testing::TestWithParam<std::string> {
 protected:
  using What = test::RecordedEvents::What;

  EngineConformance() {
    settings.host = "127.0.0.1";
    const bool mqtt5 = GetParam() == "native_mqtt5";
    settings.engine = mqtt5 ? "native" : GetParam();
    settings.version = mqtt5 ? "5" : "3.1.1";
    settings.keep_alive = std::chrono::seconds(60);
    settings.connect_timeout = std::chrono::seconds(20);
    settings.max_inflight = 10;
  }

  /// Makes the engine for devices sim-001, sim-002, ... with the tokens token-1, token-2, ...
  void make(std::uint16_t port, Slot count = 1) {
    settings.port = port;
    for (Slot slot = 0; slot < count; ++slot) {
      devices.push_back({fleet::device_name("sim", slot + 1), "token-" + std::to_string(slot + 1)});
    }
    connections = make_connections(settings, resolve(settings), devices, support::real_clock());
  }

  /// Back to nothing, for the next `make` of the same test.
  void begin_again() {
    connections.reset();
    devices.clear();
    events = {};
  }

  /// Makes the engine and connects everybody.
  void connect(std::uint16_t port, Slot count = 1) {
    make(port, count);
    open_all();
    ASSERT_TRUE(poll_until([&] { return events.count(What::connected) == count; }))
        << events.count(What::connected) << " of " << count << " connected";
  }

  void open_all() {
    for (Slot slot = 0; slot < devices.size(); ++slot) {
      connections->open(slot);
    }
  }

  MessageId publish(Slot slot, std::string_view payload) {
    connections->prepare(slot, payload);
    const auto id = connections->publish(slot);
    EXPECT_TRUE(id) << id.error().detail;
    return id.value_or(0);
  }

  [[nodiscard]] bool poll_until(const std::function<bool()>& done) {
    return test::poll_until(*connections, events, done);
  }

  /// Waits for the first event of this kind; null when it does not come.
  const test::RecordedEvents::Event* await(What what) {
    return poll_until([&] { return events.count(what) > 0; }) ? events.first(what) : nullptr;
  }

  /// The words of the only event there is, once it is there.
  std::string detail_of(What what) {
    const auto* event = await(what);
    return event == nullptr ? "(nothing came)" : event->failure.detail;
  }

  config::Mqtt settings;
  std::vector<fleet::Device> devices;
  test::RecordedEvents events;
  std::unique_ptr<Connections> connections;
};

inline std::string engine_name(const testing::TestParamInfo<std::string>& engine) {
  return engine.param;
}

}  // namespace stresskit::mqtt
