// Who a device is, changed under a run: its token revoked, itself deleted, or the same tokens in
// use by a second run. (To a Mosquitto tokens are no identities, so these need the sandbox.)
#include "support/sandbox_process.hpp"
#include "support/telemetry_program.hpp"

#include <gtest/gtest.h>

namespace stresskit {
namespace {

using nlohmann::json;
using test::TelemetryProgram;

constexpr std::size_t devices = 8;

bool under_way(const json& m) {
  return m.at("connected_devices") == devices && m.at("totals").at("acknowledged") >= devices;
}

class SandboxIdentity : public testing::Test {
 protected:
  SandboxIdentity() {
    for (std::size_t i = 1; i <= devices; ++i) {
      ids.push_back(sandbox.create_device(TelemetryProgram::name(i), TelemetryProgram::token(i)));
    }
  }
  void revoke(const std::string& id) {
    const std::string path = "/api/device/" + id + "/credentials";
    json credentials = json::parse(sandbox.call("GET", path).body);
    credentials["credentialsId"] = "another";
    ASSERT_EQ(sandbox.call("POST", "/api/device/credentials", credentials.dump()).status, 200);
  }

  test::SandboxProcess sandbox;
  std::vector<std::string> ids;
};

struct Loss {
  const char* name;
  const char* mqtt_version;
  bool deleted;
};
class DeviceLoss : public SandboxIdentity, public testing::WithParamInterface<Loss> {};

TEST_P(DeviceLoss, CostsThatDeviceOnlyAndSaysThatItsTokenIsUnknownNow) {
  TelemetryProgram run(sandbox.mqtt_port(), devices);
  run.options = {"--mqtt-version", GetParam().mqtt_version};
  run.start();
  ASSERT_TRUE(run.wait_for(under_way));
  if (GetParam().deleted) {
    ASSERT_EQ(sandbox.call("DELETE", "/api/device/" + ids[2]).status, 200);
  } else {
    revoke(ids[2]);
  }
  ASSERT_TRUE(run.wait_for([](const json& m) {
    return m.at("disconnected_devices") == 1 &&
           m.at("devices").at(2).at("failure_reason") == "auth";
  }));
  const auto end = run.stop();
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_EQ(end.trouble, "");
  EXPECT_EQ(end.metrics.at("connected_devices"), devices - 1);
  EXPECT_TRUE(end.has("connect", "auth")) << end.metrics.at("failures");
  EXPECT_TRUE(end.names_limit("unknown access tokens")) << end.metrics.at("limits");
  EXPECT_EQ(run.log().find("another"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Ways, DeviceLoss,
                         testing::Values(Loss{"DeletedMqtt311", "3.1.1", true},
                                         Loss{"DeletedMqtt5", "5", true},
                                         Loss{"RevokedMqtt311", "3.1.1", false},
                                         Loss{"RevokedMqtt5", "5", false}),
                         [](const auto& way) { return way.param.name; });

class TwoRuns : public SandboxIdentity, public testing::WithParamInterface<const char*> {};

TEST_P(TwoRuns, OfTheSameTokensEvictEachOtherAndAreTold) {
  TelemetryProgram first(sandbox.mqtt_port(), devices);
  TelemetryProgram second(sandbox.mqtt_port(), devices);
  first.options = second.options = {"--mqtt-version", GetParam()};
  first.start();
  ASSERT_TRUE(first.wait_for(under_way));
  second.start();
  EXPECT_TRUE(first.wait_for([](const json& m) { return !m.at("limits").empty(); }));
  const auto end = first.stop();
  const auto other = second.stop();
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_EQ(end.trouble, "");
  EXPECT_EQ(other.trouble, "");
  const std::string words = "another client uses the same access tokens";
  EXPECT_TRUE(end.names_limit(words)) << end.metrics.at("limits");
  EXPECT_NE(first.log().find(words), std::string::npos) << first.log();
}

INSTANTIATE_TEST_SUITE_P(Versions, TwoRuns, testing::Values("3.1.1", "5"), [](const auto& version) {
  return version.param == std::string_view("5") ? "Mqtt5" : "Mqtt311";
});

}  // namespace
}  // namespace stresskit
