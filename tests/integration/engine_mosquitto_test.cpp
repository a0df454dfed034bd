// Every engine against an unmodified Mosquitto.
#include "support/mosquitto_broker.hpp"
#include "support/recorded_events.hpp"

#include "stresskit/mqtt/connections.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace stresskit::mqtt {
namespace {

using namespace std::chrono_literals;
using test::MosquittoBroker;
using test::poll_until;
using test::RecordedEvents;
using What = RecordedEvents::What;

config::Mqtt settings_for(const MosquittoBroker& broker, const std::string& engine) {
  config::Mqtt settings;
  settings.host = "127.0.0.1";
  settings.port = broker.port();
  settings.engine = engine;
  settings.version = "3.1.1";
  settings.keep_alive = 60s;
  settings.connect_timeout = 10s;
  settings.max_inflight = 10;
  return settings;
}

std::vector<fleet::Device> some_devices(int count) {
  std::vector<fleet::Device> devices;
  for (int i = 1; i <= count; ++i) {
    devices.push_back({"sim-" + std::to_string(i), "token-" + std::to_string(i)});
  }
  return devices;
}

class EngineAndMosquitto : public testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(, EngineAndMosquitto, testing::Values("paho"),
                         [](const auto& test) { return test.param; });

TEST_P(EngineAndMosquitto, FiftyDevicesPublishAndAreAcknowledged) {
  const MosquittoBroker broker;
  const auto devices = some_devices(50);
  const auto connections =
      make_connections(settings_for(broker, GetParam()), devices, support::real_clock());
  RecordedEvents events;
  for (Slot slot = 0; slot < devices.size(); ++slot) {
    connections->open(slot);
  }
  ASSERT_TRUE(poll_until(*connections, events, [&] { return events.count(What::connected) == 50; }))
      << broker.log();

  for (int burst = 0; burst < 3; ++burst) {
    for (Slot slot = 0; slot < devices.size(); ++slot) {
      connections->prepare(slot, R"({"temperature":20.5})");
      ASSERT_TRUE(connections->publish(slot));
    }
  }
  EXPECT_TRUE(
      poll_until(*connections, events, [&] { return events.count(What::acknowledged) == 150; }));
  EXPECT_EQ(events.count(What::lost), 0);
  connections->shutdown(Mono::now() + 5s);
}

}  // namespace
}  // namespace stresskit::mqtt
