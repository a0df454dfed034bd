// What a run makes of the sandbox's transport, a server with accounts and limits, when it breaks in
// the middle: the program itself, with its files and its exit code. docs/faults.md has the table.
#include "support/sandbox_process.hpp"
#include "support/telemetry_program.hpp"

#include <gtest/gtest.h>

namespace stresskit {
namespace {

using nlohmann::json;

constexpr std::size_t devices = 20;

std::uint64_t total(const json& m, const char* counter) {
  return m.at("totals").at(counter).get<std::uint64_t>();
}

class ServerFaults : public testing::TestWithParam<const char*> {
 protected:
  ServerFaults() {
    run.options = {"--mqtt-engine", GetParam()};
    for (std::size_t i = 1; i <= devices; ++i) {
      ids.push_back(
          sandbox.create_device(test::TelemetryProgram::name(i), test::TelemetryProgram::token(i)));
    }
  }

  void option(const char* text) { run.options.emplace_back(text); }
  void run_until_under_way() {
    run.start();
    ASSERT_TRUE(run.wait_for([](const json& m) { return total(m, "acknowledged") >= 2 * devices; }));
  }

  test::SandboxProcess sandbox;
  test::TelemetryProgram run{sandbox.mqtt_port(), devices};
  std::vector<std::string> ids;
};

TEST_P(ServerFaults, AKilledServerIsACollapseAndItsReturnARecovery) {
  option("--publish-interval-sec=3");  // no burst while Paho learns of the losses: docs/faults.md
  run.start();
  ASSERT_TRUE(run.wait_for([](const json& m) { return total(m, "acknowledged") == devices; }));
  sandbox.fault({{"transport", "kill"}});
  ASSERT_TRUE(run.wait_for([](const json& m) {
    return !m.at("collapses").empty() && test::names_limit(m, "the server stopped");
  }));
  sandbox.fault({{"transport", "start"}});
  ASSERT_TRUE(run.wait_for([](const json& m) {
    return m.at("connected_devices") == devices && !m.at("collapse").at("recovered_at_s").is_null();
  }));
  const auto end = run.stop();
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_EQ(end.trouble, "");
  EXPECT_EQ(end.metrics.at("collapses").size(), 1U);
  EXPECT_GE(end.metrics.at("reconnects"), devices);
  EXPECT_TRUE(end.has("disconnect", "network")) << end.metrics.at("failures");
  EXPECT_TRUE(end.names_limit("the server stopped")) << end.metrics.at("limits");
}

TEST_P(ServerFaults, OurOwnStopIsNoCollapse) {
  run_until_under_way();
  const auto end = run.stop();
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_EQ(end.trouble, "");
  EXPECT_TRUE(end.metrics.at("collapses").empty());
  EXPECT_TRUE(end.metrics.at("failures").empty()) << end.metrics.at("failures");
  EXPECT_EQ(end.metrics.at("connected_devices"), devices);
}

TEST_P(ServerFaults, AFrozenServerLeavesMessagesUnacknowledgedAndDelaysNoBurst) {
  option("--mqtt-max-inflight=3");
  run_until_under_way();
  sandbox.fault({{"transport", "freeze"}});
  ASSERT_TRUE(run.wait_for([](const json& m) { return total(m, "skipped") >= devices; }));
  const auto end = run.stop();
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_EQ(end.trouble, "");
  EXPECT_EQ(end.total("unacknowledged"), 3 * devices);
  EXPECT_EQ(end.total("planned"), end.metrics.at("bursts_due").get<std::uint64_t>() * devices);
  EXPECT_TRUE(end.has("publish", "client-backpressure")) << end.metrics.at("failures");
}

TEST_P(ServerFaults, AThawedServerAcknowledgesLateAndTheLatencySaysSo) {
  option("--mqtt-max-inflight=1000");
  run_until_under_way();
  sandbox.fault({{"transport", "freeze"}});
  const auto frozen =
      run.wait_for([](const json& m) { return total(m, "in_flight") >= 3 * devices; });
  ASSERT_TRUE(frozen);
  sandbox.fault({{"transport", "thaw"}});
  const std::uint64_t sent = total(*frozen, "sent");
  ASSERT_TRUE(run.wait_for([&](const json& m) { return total(m, "acknowledged") > sent; }));
  const auto end = run.stop();
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_EQ(end.trouble, "");
  EXPECT_EQ(end.total("acknowledged"), end.total("sent"));
  EXPECT_TRUE(end.metrics.at("failures").empty()) << end.metrics.at("failures");
  // The oldest of three bursts in flight waited at least two intervals.
  EXPECT_GE(end.metrics.at("latency_ms").at("ack_from_due").at("max"), 400);
}

TEST_P(ServerFaults, ADeletedDeviceIsDisconnectedAndTheOthersGoOn) {
  run_until_under_way();
  EXPECT_EQ(sandbox.call("DELETE", "/api/device/" + ids[4]).status, 200);
  ASSERT_TRUE(run.wait_for([](const json& m) {
    return m.at("devices").at(4).at("failure_reason") == "auth";
  }));
  const auto end = run.stop();
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_EQ(end.trouble, "");
  EXPECT_EQ(end.metrics.at("devices").at(4).at("status"), "disconnected");
  EXPECT_EQ(end.metrics.at("connected_devices"), devices - 1);
  EXPECT_TRUE(end.has("connect", "auth")) << end.metrics.at("failures");
}

TEST_P(ServerFaults, AnOverloadedServerRefusesWithBucketBroker) {
  sandbox.fault({{"mqtt", {{"refuse", {{"code", 3}, {"code_v5", 0x88}}}}}});
  run.start();
  const auto end = run.finish();
  EXPECT_EQ(end.exit_code, 3);
  EXPECT_EQ(end.trouble, "");
  EXPECT_EQ(end.total("planned"), 0U);
  EXPECT_TRUE(end.has("connect", "broker")) << end.metrics.at("failures");
}

TEST_P(ServerFaults, AClosedPortIsBucketNetwork) {
  sandbox.fault({{"transport", "stop"}});
  run.start();
  const auto end = run.finish();
  EXPECT_EQ(end.exit_code, 3);
  EXPECT_EQ(end.trouble, "");
  EXPECT_EQ(end.total("planned"), 0U);
  EXPECT_TRUE(end.has("connect", "network")) << end.metrics.at("failures");
}

TEST_P(ServerFaults, ARateLimitClosesConnectionsAndMessagesAreLost) {
  option("--mqtt-reconnect=0");
  option("--publish-interval-sec=1");  // no burst while Paho learns of the losses: docs/faults.md
  option("--bursts=5");
  sandbox.fault({{"mqtt", {{"rate_limits", {{"transportDeviceTelemetryMsgRateLimit", "3:60"}}}}}});
  run.start();
  const auto end = run.finish();
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_EQ(end.trouble, "");
  EXPECT_EQ(end.total("acknowledged"), 3 * devices);
  EXPECT_EQ(end.total("lost"), devices);
  EXPECT_EQ(end.total("skipped"), devices);
  EXPECT_EQ(end.metrics.at("disconnected_devices"), devices);
  EXPECT_TRUE(end.has("disconnect", "network")) << end.metrics.at("failures");
}

INSTANTIATE_TEST_SUITE_P(Engines, ServerFaults, testing::Values("native", "paho"),
                         [](const auto& engine) { return engine.param; });

}  // namespace
}  // namespace stresskit
