// What a run is told before it begins, against the sandbox.
#include "stresskit/preflight/outlook.hpp"

#include "support/sandbox_process.hpp"
#include "support/scripted_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace stresskit::preflight {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;

class OutlookTest : public testing::Test {
 protected:
  OutlookTest() {
    server.url = sandbox.url();
    server.username = sandbox.username();
    server.password = sandbox.password();
    server.timeout = 10s;
    mqtt.host = "127.0.0.1";
    mqtt.port = sandbox.mqtt_port();
    mqtt.connect_timeout = 10s;
    mqtt.keep_alive = 60s;
    mqtt.max_inflight = 10;
    burst.interval = 1s;
    sandbox.create_device("sim-001", "token-001");
    devices.push_back({"sim-001", "token-001"});
  }

  std::vector<Finding> look(std::stop_token stop = {}) {
    return look_ahead({server, mqtt, burst, devices, false}, support::real_clock(),
                      std::move(stop));
  }

  static auto warning(const std::string& text) {
    return AllOf(Field(&Finding::warning, true), Field(&Finding::text, HasSubstr(text)));
  }
  static auto fine(const std::string& text) {
    return AllOf(Field(&Finding::warning, false), Field(&Finding::text, HasSubstr(text)));
  }

  test::SandboxProcess sandbox;
  config::ThingsBoard server;
  config::Mqtt mqtt;
  config::Burst burst;
  std::vector<fleet::Device> devices;
};

TEST_F(OutlookTest, AServerWithoutLimitsIsFine) {
  const auto findings = look();
  EXPECT_THAT(findings, Contains(fine("ThingsBoard 4.3")));
  EXPECT_THAT(findings, Contains(fine("no limit on the messages of a device")));
  EXPECT_THAT(findings, Contains(fine("no monthly quota")));
  EXPECT_THAT(findings, testing::Each(Field(&Finding::warning, false)));
}

TEST_F(OutlookTest, TheLimitOfADeviceIsReadAndWeighed) {
  sandbox.fault(
      {{"mqtt",
        {{"rate_limits", {{"transportDeviceTelemetryDataPointsRateLimit", "200:1,15000:3600"}}}}}});
  EXPECT_THAT(look(), Contains(warning("cut off after 50 min")));
  burst.duration = 10min;
  EXPECT_THAT(look(), Contains(fine("within the limits")));
}

TEST_F(OutlookTest, WhatOnlyASystemAdministratorMayReadIsSaidOrRead) {
  sandbox.fault({{"mqtt", {{"rate_limits", {{"transportTenantTelemetryMsgRateLimit", "100:1"}}}}},
                 {"storage", {{"ttl_s", 86'400}}}});
  for (int i = 2; i <= 101; ++i) {
    devices.push_back({"sim", "token"});
  }
  EXPECT_THAT(look(), Contains(fine("not readable with these credentials")));
  server.username = "sysadmin@thingsboard.org";
  server.password = "sysadmin";
  const auto findings = look();
  EXPECT_THAT(findings, Contains(warning("a burst of 101 messages exceeds 100 messages a second")));
  EXPECT_THAT(findings, Contains(warning("what is stored for 1 day, which is less")));
}

TEST_F(OutlookTest, RestOutOfReachIsAWarning) {
  server.url = "http://127.0.0.1:" + std::to_string(test::closed_port());
  const auto findings = look();
  EXPECT_THAT(findings, Contains(warning("REST cannot be asked")));
  EXPECT_THAT(findings, Contains(fine("no limit on the messages of a device")));
}

TEST_F(OutlookTest, AStopIsNoFinding) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THAT(look(stop.get_token()), testing::IsEmpty());
}

TEST_F(OutlookTest, WithoutAnAddressNothingIsAsked) {
  server = {};
  EXPECT_THAT(look(), testing::IsEmpty());
}

TEST_F(OutlookTest, AServerThatRefusesTheDeviceIsAWarning) {
  devices[0].token = "nobody-has-this";
  EXPECT_THAT(look(), Contains(warning("limits of a device cannot be read")));
}

}  // namespace
}  // namespace stresskit::preflight
