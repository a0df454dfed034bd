// Whole runs against the sandbox, with each engine: what the run says was acknowledged is what the
// sandbox wrote down.
#include "support/sandbox_process.hpp"
#include "support/telemetry_run.hpp"

#include "stresskit/control/stop_flag.hpp"
#include "stresskit/mqtt/connections.hpp"
#include "stresskit/support/error.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace stresskit {
namespace {

using namespace std::chrono_literals;
using metrics::Phase;
using metrics::Snapshot;
using metrics::Status;

class RunTest : public testing::TestWithParam<std::string> {
 protected:
  RunTest() {
    run.mqtt.engine = GetParam();
    run.mqtt.port = sandbox.mqtt_port();
  }

  void make_fleet(std::size_t count) {
    run.add_devices(count);
    for (const auto& device : run.devices) {
      sandbox.create_device(device.name, device.token);
    }
  }

  /// What the sandbox wrote down. It acknowledges before it stores, as the real server does, so it
  /// gets 20 s to reach what is expected.
  std::uint64_t recorded_messages(std::uint64_t expected) {
    const auto deadline = support::Mono::now() + 20s;
    std::uint64_t messages = 0;
    do {
      messages = sandbox.recorder()["messages"].get<std::uint64_t>();
    } while (messages < expected && support::Mono::now() < deadline);
    return messages;
  }

  test::SandboxProcess sandbox;
  test::TelemetryRun run;
};

TEST_P(RunTest, WhatWasAcknowledgedIsWhatTheServerWroteDown) {
  make_fleet(40);
  run.burst.bursts = 10;
  run.start();
  const Snapshot last = run.finish();
  EXPECT_EQ(run.broken_identity(), "");
  EXPECT_EQ(last.status, Status::stopped);
  EXPECT_EQ(last.totals.planned(), 400U);
  EXPECT_EQ(last.totals.acknowledged(), 400U);
  EXPECT_EQ(last.connected, 40U);
  EXPECT_EQ(last.ack_from_due.count, 400U);
  EXPECT_EQ(recorded_messages(400), 400U);
  EXPECT_EQ(sandbox.recorder()["devices"]["sim-040"], 10);
}

TEST_P(RunTest, ADeviceWithAWrongTokenFailsAloneAndIsNamed) {
  make_fleet(5);
  run.devices[2].token = "nobody-has-this";
  run.burst.bursts = 3;
  run.start();
  const Snapshot last = run.finish();
  EXPECT_EQ(run.broken_identity(), "");
  EXPECT_EQ(last.failed, 1U);
  EXPECT_EQ(last.devices[2].counters.skipped(), 3U);
  EXPECT_GT(last.totals.acknowledged(), 0U);
  ASSERT_TRUE(last.devices[2].failure);
  EXPECT_EQ(last.devices[2].failure->stage, fleet::Stage::connect);
  EXPECT_EQ(last.devices[2].failure->bucket, fleet::Bucket::auth);
  EXPECT_EQ(last.devices[2].failure->code, 5);
  EXPECT_EQ(last.devices[2].failure->detail.find("nobody-has-this"), std::string::npos);
}

TEST_P(RunTest, WithQosZeroSentIsAllThatIsKnown) {
  make_fleet(10);
  run.mqtt.qos = 0;
  run.burst.bursts = 5;
  run.start();
  const Snapshot last = run.finish();
  EXPECT_EQ(run.broken_identity(), "");
  EXPECT_EQ(last.totals.planned(), 50U);
  EXPECT_EQ(last.totals.sent(), 50U - 10U * last.generator.missed_bursts);
  EXPECT_EQ(last.totals.acknowledged(), 0U);
  EXPECT_EQ(last.ack_from_due.count, 0U);
}

TEST_P(RunTest, TheFlagStopsARunWithinItsBurst) {
  make_fleet(10);
  run.start();
  ASSERT_TRUE(run.wait_for([](const Snapshot& s) { return s.totals.acknowledged() >= 20; }));
  ASSERT_TRUE(control::raise_stop_flag(run.data()));
  ASSERT_TRUE(run.wait_for([](const Snapshot& s) { return s.status == Status::stopping; }));
  const Snapshot last = run.finish();
  EXPECT_EQ(run.broken_identity(), "");
  EXPECT_EQ(last.totals.acknowledged(), last.totals.planned());
}

TEST_P(RunTest, NobodyConnectedEndsAtReadyWithNothingPlanned) {
  run.add_devices(3);  // unknown to the server
  run.start();
  const Snapshot last = run.finish();
  EXPECT_TRUE(last.nobody_connected);
  EXPECT_EQ(last.totals.planned(), 0U);
  EXPECT_EQ(last.failed, 3U);
}

TEST_P(RunTest, SeveralWorkersReleaseTheSameBursts) {
  make_fleet(30);
  run.mqtt.workers = 3;
  run.burst.interval = 1s;  // time enough that a busy machine misses none
  run.burst.bursts = 3;
  run.start();
  const Snapshot last = run.finish();
  EXPECT_EQ(run.broken_identity(), "");
  EXPECT_EQ(last.totals.acknowledged(), 90U);
  EXPECT_EQ(last.bursts.size(), 3U);
  EXPECT_EQ(recorded_messages(90), 90U);
}

// The whole fleet of the original, ten times: nothing is lost, and both sides say so.
TEST_P(RunTest, FiveHundredDevicesLoseNothing) {
  make_fleet(500);
  run.burst.interval = 1s;
  run.burst.bursts = 10;
  run.start();
  const Snapshot last = run.finish();
  EXPECT_EQ(run.broken_identity(), "");
  EXPECT_EQ(last.totals.planned(), 5'000U);
  EXPECT_EQ(last.totals.acknowledged(), last.totals.planned() - last.totals.skipped());
  EXPECT_EQ(recorded_messages(last.totals.acknowledged()), last.totals.acknowledged());
}

TEST(RunFromManyAddresses, DevicesConnectFromTheAddressesGivenInTurn) {
  test::SandboxProcess sandbox;
  test::TelemetryRun run;
  run.mqtt.port = sandbox.mqtt_port();
  run.mqtt.local_addresses = {"127.0.0.2", "127.0.0.3"};
  run.add_devices(4);
  for (const auto& device : run.devices) {
    sandbox.create_device(device.name, device.token);
  }
  // One wrong token blocks its address: that of 127.0.0.2 does not touch 127.0.0.3.
  sandbox.fault({{"mqtt", {{"ip_block", {{"wrong_credentials", 1}, {"block_ms", 60'000}}}}}});
  run.devices[0].token = "nobody-has-this";
  run.mqtt.connect_rate = 5;
  run.mqtt.reconnect = false;
  run.burst.bursts = 1;
  run.start();
  const Snapshot last = run.finish();
  EXPECT_EQ(last.devices[1].state, metrics::DeviceState::connected);
  EXPECT_EQ(last.devices[2].state, metrics::DeviceState::failed);
  EXPECT_EQ(last.devices[3].state, metrics::DeviceState::connected);
}

TEST(RunFromManyAddresses, AnAddressThatIsNotOursIsAUsageError) {
  test::TelemetryRun run;
  run.add_devices(1);
  for (const char* address : {"192.0.2.77", "not-an-address"}) {
    run.mqtt.local_addresses = {address};
    try {
      (void)mqtt::make_connections(run.mqtt, mqtt::resolve(run.mqtt), run.devices,
                                   support::real_clock());
      FAIL() << address;
    } catch (const support::Error& error) {
      EXPECT_EQ(error.code(), support::ExitCode::usage);
      EXPECT_NE(std::string(error.what()).find(address), std::string::npos);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, RunTest, testing::Values("native", "paho"),
                         [](const auto& engine) { return engine.param; });

}  // namespace
}  // namespace stresskit
