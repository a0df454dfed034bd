// REST and MQTT of one sandbox together: what comes in on one side shows on the other.
#include "contract/mqtt_client.hpp"
#include "support/sandbox_process.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <string>
#include <thread>

namespace stresskit::contract {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

std::string text(const std::string& of) {
  return std::string(1, static_cast<char>(of.size() >> 8U)) + static_cast<char>(of.size()) + of;
}

std::string packet(char first, const std::string& body) {
  return std::string(1, first) + static_cast<char>(body.size()) + body;  // bodies below 128 bytes
}

/// CONNECT of MQTT 3.1.1 with a clean session and a user name.
std::string connect(const std::string& token) {
  return packet('\x10', text("MQTT") + std::string("\4\x82\0\x3c", 4) + text("") + text(token));
}

/// PUBLISH of QoS 1, telemetry.
std::string publish(std::uint16_t id, const std::string& payload) {
  const std::string packet_id{static_cast<char>(id >> 8U), static_cast<char>(id)};
  return packet('\x32', text("v1/devices/me/telemetry") + packet_id + payload);
}

std::string telemetry(std::int64_t ts) {
  return json{{"ts", ts}, {"values", {{"seq", ts}}}}.dump();
}

const std::string accepted("\x20\2\0\0", 4);
const std::string refused("\x20\2\0\3", 4);

class BothSides : public testing::Test {
 protected:
  BothSides() : id_(sandbox_.create_device("device", "token")) {}

  /// How many values of `seq` the platform has stored.
  std::int64_t stored() {
    const auto answer = sandbox_.call("GET", "/api/plugins/telemetry/DEVICE/" + id_ +
                                                 "/values/timeseries?keys=seq&startTs=0&endTs="
                                                 "100000&interval=100000&agg=COUNT");
    const json body = json::parse(answer.body);
    return body.empty() ? 0 : std::stoll(body.at("seq").at(0).at("value").get<std::string>());
  }

  test::SandboxProcess sandbox_;
  std::string id_;
};

TEST_F(BothSides, StoreAndCountWhatWasAcknowledged) {
  MqttClient client(sandbox_.mqtt_port());
  client.send(connect("token"));
  ASSERT_EQ(client.receive(), accepted);
  for (std::uint16_t i = 1; i <= 10; ++i) {
    client.send(publish(i, telemetry(i)));
    ASSERT_EQ(client.receive()->at(0), '\x40');
  }
  EXPECT_EQ(sandbox_.recorder().at("messages"), 10);
  EXPECT_EQ(sandbox_.recorder().at("devices").at("device"), 10);
  EXPECT_EQ(stored(), 10);
}

TEST_F(BothSides, EndTheSessionOfADeletedDevice) {
  MqttClient client(sandbox_.mqtt_port());
  client.send(connect("token"));
  ASSERT_EQ(client.receive(), accepted);
  EXPECT_EQ(sandbox_.call("DELETE", "/api/device/" + id_).status, 200);
  EXPECT_TRUE(client.closed_by_fin());
}

TEST_F(BothSides, EndTheSessionOfAChangedToken) {
  MqttClient client(sandbox_.mqtt_port());
  client.send(connect("token"));
  ASSERT_EQ(client.receive(), accepted);
  const auto known = sandbox_.call("GET", "/api/device/" + id_ + "/credentials");
  json changed = json::parse(known.body);
  changed["credentialsId"] = "another";
  EXPECT_EQ(sandbox_.call("POST", "/api/device/credentials", changed.dump()).status, 200);
  EXPECT_TRUE(client.closed_by_fin());
}

TEST_F(BothSides, LetADeviceInAsSoonAsItIsCreated) {
  MqttClient early(sandbox_.mqtt_port());
  early.send(connect("later"));
  EXPECT_EQ(early.receive()->at(3), 5);
  sandbox_.create_device("later", "later");
  MqttClient late(sandbox_.mqtt_port());
  late.send(connect("later"));
  EXPECT_EQ(late.receive(), accepted);
}

// The promise every comparison with a run rests on.
TEST_F(BothSides, CountEveryAcknowledgedMessageWhenTheTransportIsKilled) {
  MqttClient client(sandbox_.mqtt_port());
  client.send(connect("token"));
  ASSERT_EQ(client.receive(), accepted);
  std::jthread killer;
  int acknowledged = 0;
  for (std::uint16_t i = 1;; ++i) {
    client.send(publish(i, telemetry(i)));
    if (i == 20) killer = std::jthread([&] { sandbox_.fault({{"transport", "kill"}}); });
    const auto answer = client.receive();
    if (!answer || answer->empty()) break;
    ++acknowledged;
  }
  killer.join();
  EXPECT_GE(acknowledged, 19);
  EXPECT_GE(sandbox_.recorder().at("messages").get<int>(), acknowledged);
  EXPECT_EQ(sandbox_.state().at("sessions"), 0);
}

TEST_F(BothSides, KeepAMessageWaitingWhileTheTransportIsFrozen) {
  MqttClient client(sandbox_.mqtt_port());
  client.send(connect("token"));
  ASSERT_EQ(client.receive(), accepted);
  sandbox_.fault({{"transport", "freeze"}});
  client.send(publish(1, telemetry(1)));
  EXPECT_TRUE(client.quiet_for(100ms));
  EXPECT_EQ(sandbox_.state().at("messages"), 0);
  sandbox_.fault({{"transport", "thaw"}});
  EXPECT_EQ(client.receive()->at(0), '\x40');
}

TEST_F(BothSides, KeepTheMqttFaultsOverARestartOfTheTransport) {
  sandbox_.fault({{"mqtt", {{"refuse", {{"code", 3}, {"code_v5", 136}}}}}});
  sandbox_.fault({{"transport", "kill"}});
  sandbox_.fault({{"transport", "start"}});
  MqttClient client(sandbox_.mqtt_port());
  client.send(connect("token"));
  EXPECT_EQ(client.receive(), refused);
  sandbox_.clear_faults();
  MqttClient again(sandbox_.mqtt_port());
  again.send(connect("token"));
  EXPECT_EQ(again.receive(), accepted);
}

}  // namespace
}  // namespace stresskit::contract
