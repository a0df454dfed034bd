// The transport as a process: its link to the platform, its end, and many devices at once.

#include "contract/fake_platform.hpp"
#include "contract/mqtt_client.hpp"
#include "contract/mqtt_transcript.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <vector>

namespace stresskit::contract {
namespace {

using Client = std::unique_ptr<MqttClient>;

Client connected(const FakePlatform& platform, const std::string& token,
                 std::string_view version = "3.1.1") {
  auto client = std::make_unique<MqttClient>(platform.port());
  client->send(connect_bytes(version, token));
  const auto connack = client->receive();
  if (!connack || connack->size() < 4 || (*connack)[3] != 0) {
    throw std::runtime_error("the transport did not let in " + token);
  }
  return client;
}

/// A PUBLISH at QoS 1 of 3.1.1, to the telemetry topic.
std::string publish_bytes(std::uint16_t id, std::string_view payload) {
  std::string body("\0\4v2/t", 6);
  body.push_back(static_cast<char>(id >> 8U));
  body.push_back(static_cast<char>(id & 0xFFU));
  body.append(payload);
  std::string packet{'\x32', static_cast<char>((body.size() & 0x7FU) | 0x80U),
                     static_cast<char>(body.size() >> 7U)};
  return packet + body;
}

bool refuses(std::uint16_t port) {
  try {
    const MqttClient client(port);
    return false;
  } catch (const std::runtime_error&) {
    return true;
  }
}

// Recorded: server-sigterm. FIN everywhere, for MQTT 5 too without a DISCONNECT packet.
TEST(MqttTransport, EndsOnSigtermByAPlainFinOnEveryConnection) {
  FakePlatform platform;
  const Client old_device = connected(platform, "old", "3.1.1");
  const Client new_device = connected(platform, "new", "5");
  MqttClient stranger(platform.port());
  const int status = platform.terminate();
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  EXPECT_TRUE(old_device->closed_by_fin());
  EXPECT_TRUE(new_device->closed_by_fin());
  EXPECT_TRUE(refuses(platform.port()));
}

TEST(MqttTransport, EndsWithThePlatform) {
  auto platform = std::make_unique<FakePlatform>();
  const Client device = connected(*platform, "device", "5");
  platform.reset();  // closes the link and waits for the process
  EXPECT_TRUE(device->closed_by_fin());
}

// What was acknowledged before a SIGTERM is not lost on the way to the platform.
TEST(MqttTransport, HandsOverWhatItAcknowledgedBeforeItEnds) {
  FakePlatform platform;
  const Client device = connected(platform, "device");
  constexpr std::uint16_t messages = 2'000;
  for (std::uint16_t id = 1; id <= messages; ++id) {
    device->send(publish_bytes(id, "{\"a\":1}"));
  }
  for (int i = 0; i < messages; ++i) {
    ASSERT_EQ(device->receive().value_or("").size(), 4U);
  }
  platform.terminate();
  EXPECT_TRUE(platform.wait_for_telemetry(messages));
}

TEST(MqttTransport, IsHeldUpByNoPlatformThatDoesNotReadAndLosesNothing) {
  FakePlatform platform;
  const Client device = connected(platform, "device");
  platform.pause_reading();
  constexpr std::uint16_t messages = 20'000;  // several megabytes: no socket buffer holds them
  const std::string filler(200, 'x');
  constexpr std::uint16_t window = 100;
  for (std::uint16_t sent = 0; sent < messages; sent += window) {
    std::string batch;
    for (std::uint16_t id = sent; id < sent + window; ++id) {
      batch += publish_bytes(id + 1, "{\"n\":" + std::to_string(id) + ",\"f\":\"" + filler + "\"}");
    }
    device->send(batch);
    for (int i = 0; i < window; ++i) {
      ASSERT_EQ(device->receive().value_or("").size(), 4U);
    }
  }
  platform.resume_reading();
  ASSERT_TRUE(platform.wait_for_telemetry(messages));
  const auto telemetry = platform.telemetry();
  ASSERT_EQ(telemetry.size(), messages);
  for (std::size_t i = 0; i < telemetry.size(); ++i) {
    ASSERT_TRUE(telemetry[i].payload.starts_with("{\"n\":" + std::to_string(i) + ","));
  }
}

TEST(MqttTransport, LetsInAStormOfDevices) {
  FakePlatform platform;
  std::vector<Client> devices;
  for (int i = 0; i < 400; ++i) {  // all before the first is answered
    devices.push_back(std::make_unique<MqttClient>(platform.port()));
    devices.back()->send(connect_bytes("3.1.1", "device " + std::to_string(i)));
  }
  for (const Client& device : devices) {
    ASSERT_EQ(to_hex(device->receive().value_or("")), "20020000");
    device->send(pingreq_bytes);
  }
  for (const Client& device : devices) {
    ASSERT_EQ(device->receive().value_or(""), pingresp_bytes);
  }
}

}  // namespace
}  // namespace stresskit::contract
