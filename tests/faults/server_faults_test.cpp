// What a run says when the server breaks in the middle of it: the ledger adds up in every snapshot,
// and stage and bucket name what happened.
#include "support/sandbox_process.hpp"
#include "support/telemetry_run.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace stresskit {
namespace {

using namespace std::chrono_literals;
using metrics::Snapshot;
using nlohmann::json;

class ServerFaults : public testing::TestWithParam<std::string> {
 protected:
  ServerFaults() {
    run.mqtt.engine = GetParam();
    run.mqtt.port = sandbox.mqtt_port();
    run.add_devices(20);
    for (const auto& device : run.devices) {
      ids.push_back(sandbox.create_device(device.name, device.token));
    }
  }

  void run_until_under_way() {
    run.start();
    ASSERT_TRUE(run.wait_for([](const Snapshot& s) { return s.totals.acknowledged() >= 40; }));
  }

  static bool has(const Snapshot& s, fleet::Stage stage, fleet::Bucket bucket) {
    return std::any_of(s.failures.begin(), s.failures.end(), [&](const auto& row) {
      return row.failure.stage == stage && row.failure.bucket == bucket;
    });
  }

  test::SandboxProcess sandbox;
  test::TelemetryRun run;
  std::vector<std::string> ids;
};

TEST_P(ServerFaults, AKilledServerIsACollapseAndItsReturnARecovery) {
  run_until_under_way();
  sandbox.fault({{"transport", "kill"}});
  ASSERT_TRUE(run.wait_for([](const Snapshot& s) { return !s.collapses.empty(); }));
  sandbox.fault({{"transport", "start"}});
  ASSERT_TRUE(run.wait_for([](const Snapshot& s) {
    return s.connected == s.device_count && s.collapses[0].recovered_at_s.has_value();
  }));
  run.request_stop();
  const Snapshot last = run.finish();
  EXPECT_EQ(run.broken_identity(), "");
  EXPECT_EQ(last.collapses.size(), 1U);
  EXPECT_GE(last.reconnects, 20U);
  EXPECT_GT(last.totals.skipped(), 0U);
  EXPECT_TRUE(has(last, fleet::Stage::disconnect, fleet::Bucket::network));
}

TEST_P(ServerFaults, OurOwnStopIsNoCollapse) {
  run_until_under_way();
  run.request_stop();
  const Snapshot last = run.finish();
  EXPECT_TRUE(last.collapses.empty());
  EXPECT_EQ(last.connected, 20U);
  EXPECT_EQ(run.broken_identity(), "");
}

TEST_P(ServerFaults, AFrozenServerLeavesMessagesUnacknowledgedAndDelaysNoBurst) {
  run.mqtt.max_inflight = 5;
  run_until_under_way();
  sandbox.fault({{"transport", "freeze"}});
  ASSERT_TRUE(run.wait_for([](const Snapshot& s) {
    return std::any_of(s.failures.begin(), s.failures.end(), [](const auto& row) {
      return row.failure.bucket == fleet::Bucket::client_backpressure;
    });
  }));
  run.request_stop();
  const Snapshot last = run.finish();
  EXPECT_EQ(run.broken_identity(), "");
  EXPECT_GT(last.totals.unacknowledged(), 0U);
  EXPECT_EQ(last.totals.planned(), last.bursts_due * 20);
}

TEST_P(ServerFaults, AThawedServerAcknowledgesLateAndTheLatencySaysSo) {
  run_until_under_way();
  sandbox.fault({{"transport", "freeze"}});
  const auto frozen = run.wait_for([](const Snapshot& s) { return s.totals.in_flight() >= 60; });
  ASSERT_TRUE(frozen);
  sandbox.fault({{"transport", "thaw"}});
  ASSERT_TRUE(run.wait_for(
      [&](const Snapshot& s) { return s.totals.acknowledged() > frozen->totals.sent() + 20; }));
  run.request_stop();
  const Snapshot last = run.finish();
  EXPECT_EQ(run.broken_identity(), "");
  EXPECT_EQ(last.totals.acknowledged(), last.totals.sent());
  // The oldest of three bursts in flight waited at least two intervals of 200 ms.
  EXPECT_GE(last.ack_from_due.max, 400);
}

TEST_P(ServerFaults, ADeletedDeviceIsDisconnectedAndTheOthersGoOn) {
  run_until_under_way();
  EXPECT_EQ(sandbox.call("DELETE", "/api/device/" + ids[4]).status, 200);
  ASSERT_TRUE(run.wait_for([](const Snapshot& s) { return s.disconnected == 1; }));
  run.request_stop();
  const Snapshot last = run.finish();
  EXPECT_EQ(run.broken_identity(), "");
  EXPECT_EQ(last.devices[4].state, metrics::DeviceState::disconnected);
  EXPECT_EQ(last.connected, 19U);
}

TEST_P(ServerFaults, AnOverloadedServerRefusesWithBucketBroker) {
  sandbox.fault({{"mqtt", {{"refuse", {{"code", 3}, {"code_v5", 0x88}}}}}});
  run.start();
  const Snapshot last = run.finish();
  EXPECT_TRUE(last.nobody_connected);
  EXPECT_TRUE(has(last, fleet::Stage::connect, fleet::Bucket::broker));
}

TEST_P(ServerFaults, AClosedPortIsBucketNetwork) {
  sandbox.fault({{"transport", "stop"}});
  run.start();
  const Snapshot last = run.finish();
  EXPECT_TRUE(last.nobody_connected);
  EXPECT_TRUE(has(last, fleet::Stage::connect, fleet::Bucket::network));
}

TEST_P(ServerFaults, ARateLimitClosesConnectionsAndMessagesAreLost) {
  run.mqtt.reconnect = false;
  sandbox.fault({{"mqtt", {{"rate_limits", {{"transportDeviceTelemetryMsgRateLimit", "3:60"}}}}}});
  run.burst.bursts = 6;
  run.start();
  const Snapshot last = run.finish();
  EXPECT_EQ(run.broken_identity(), "");
  EXPECT_EQ(last.totals.acknowledged(), 60U);
  EXPECT_EQ(last.totals.lost(), 20U);
  EXPECT_EQ(last.totals.skipped(), 40U);
  EXPECT_EQ(last.disconnected, 20U);
}

INSTANTIATE_TEST_SUITE_P(Engines, ServerFaults, testing::Values("native", "paho"),
                         [](const auto& engine) { return engine.param; });

}  // namespace
}  // namespace stresskit
