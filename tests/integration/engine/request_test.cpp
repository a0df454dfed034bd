// One question over a connection of its own, to servers that take their time.
#include "stresskit/mqtt/request.hpp"

#include "support/scripted_mqtt_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace stresskit::mqtt {
namespace {

using namespace std::chrono_literals;
using test::PacketType;
using test::ScriptedMqttServer;

support::Result<std::string> ask(const ScriptedMqttServer& server,
                                 std::chrono::milliseconds timeout, std::stop_token stop = {}) {
  config::Mqtt settings;
  settings.host = "127.0.0.1";
  settings.port = server.port();
  settings.connect_timeout = 600s;
  settings.keep_alive = 60s;
  return request(settings, {"sim-001", "token-001"}, "{}", timeout, std::move(stop));
}

TEST(Request, AStopEndsItWhileTheServerIsSilent) {
  std::stop_source stop;
  ScriptedMqttServer server([&](ScriptedMqttServer::Session& session) {
    session.receive();
    stop.request_stop();
    session.hold();
  });
  EXPECT_FALSE(ask(server, 600s, stop.get_token()));
}

TEST(Request, AllStepsTogetherHaveTheTimeOfOne) {
  // Each step takes most of the time that all have.
  static constexpr auto slow = 700ms;
  ScriptedMqttServer server([](ScriptedMqttServer::Session& session) {
    session.receive();
    std::this_thread::sleep_for(slow);
    session.connack(0);
    while (const auto packet = session.receive()) {
      if (packet->type == PacketType::subscribe) {
        std::this_thread::sleep_for(slow);
        session.send(test::make_packet(PacketType::suback, packet->body.substr(0, 2) + '\1'));
      }
    }
  });
  EXPECT_FALSE(ask(server, 1s));
  EXPECT_TRUE(server.wait_for_ended(1));
  EXPECT_THAT(server.packets(PacketType::publish), testing::IsEmpty());
}

}  // namespace
}  // namespace stresskit::mqtt
