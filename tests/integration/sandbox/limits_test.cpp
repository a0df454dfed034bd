// The limits that cut a client off, each as the platform (or the proxy in front of it) imposes it.
#include "integration/sandbox/fixture.hpp"

#include <memory>
#include <vector>

namespace stresskit::test {
namespace {

using nlohmann::json;

class SandboxLimits : public SandboxFixture {
 protected:
  void rate(const std::string& name, const std::string& limit) {
    sandbox_.fault({{"mqtt", {{"rate_limits", {{name, limit}}}}}});
  }
  /// How many messages of a new session are acknowledged before it is closed.
  int acknowledged(const std::string& token) {
    MqttDevice mqtt(sandbox_.mqtt_port());
    EXPECT_EQ(mqtt.connect(token), 0);
    int count = 0;
    while (count < 20 && mqtt.publish(message(count + 1))) ++count;
    return count;
  }
};

TEST_F(SandboxLimits, OfADeviceCloseItWithoutAPubackAndLeaveTheOthers) {
  sandbox_.create_device("b", "token-b");
  rate("transportDeviceTelemetryMsgRateLimit", "5:3600");
  EXPECT_EQ(acknowledged("token-a"), 5);
  EXPECT_EQ(acknowledged("token-b"), 5);
  EXPECT_EQ(sandbox_.recorder().at("stored"), 10);
}

TEST_F(SandboxLimits, OfTheTenantAreSharedByAllItsDevices) {
  sandbox_.create_device("b", "token-b");
  rate("transportTenantTelemetryDataPointsRateLimit", "16:3600");
  EXPECT_EQ(acknowledged("token-a"), 8) << "two points a message";
  EXPECT_EQ(acknowledged("token-b"), 0);
}

TEST_F(SandboxLimits, OfMessagesRefuseConnectionsAfterSoMany) {
  rate("transportTenantMsgRateLimit", "2:3600");
  EXPECT_EQ(MqttDevice(sandbox_.mqtt_port()).connect("token-a"), 0);
  EXPECT_EQ(MqttDevice(sandbox_.mqtt_port()).connect("token-a"), 0);
  EXPECT_EQ(MqttDevice(sandbox_.mqtt_port()).connect("token-a"), 3);
}

TEST_F(SandboxLimits, OfAnAddressCloseWhatIsTooMuchWithoutACONNACK) {
  sandbox_.fault({{"mqtt", {{"max_connections_per_address", 3}}}});
  std::vector<std::unique_ptr<MqttDevice>> devices;
  for (int i = 0; i < 3; ++i) {
    devices.push_back(std::make_unique<MqttDevice>(sandbox_.mqtt_port()));
    const std::string number = std::to_string(i);
    sandbox_.create_device("n" + number, "token-" + number);
    EXPECT_EQ(devices.back()->connect("token-" + number), 0);
  }
  EXPECT_EQ(MqttDevice(sandbox_.mqtt_port()).connect("token-a"), std::nullopt);
  devices.pop_back();
  EXPECT_TRUE(
      comes_true([&] { return MqttDevice(sandbox_.mqtt_port()).connect("token-a").has_value(); }));
}

TEST_F(SandboxLimits, OfRestAnswer429AndMayHaveTakenEffect) {
  const std::string attributes = "/api/plugins/telemetry/DEVICE/" + device_ + "/SERVER_SCOPE";
  sandbox_.fault({{"rest_limits", {{"tenantServerRestLimitsConfiguration", "3:3600"}}}});
  // Two tokens each: the second finds one, acts, and is refused.
  EXPECT_EQ(sandbox_.call("POST", attributes, R"({"k":1})").status, 200);
  const HttpResponse refused = sandbox_.call("POST", attributes, R"({"k":2})");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("Retry-After"), "");
  EXPECT_EQ(json::parse(refused.body).at("message"), "Too many requests for current tenant!");
  sandbox_.clear_faults();
  const auto stored = sandbox_.call(
      "GET", "/api/plugins/telemetry/DEVICE/" + device_ + "/values/attributes?keys=k");
  EXPECT_EQ(json::parse(stored.body).at(0).at("value"), 2);
}

TEST_F(SandboxLimits, AreInTheTenantProfileThatOnlyASystemAdministratorReads) {
  rate("transportDeviceMsgRateLimit", "100:1");
  sandbox_.fault({{"max_devices", 24}});
  const auto as = [&](const std::string& token, const std::string& path) {
    return http(sandbox_.port(), "GET", path, {{"X-Authorization", "Bearer " + token}});
  };
  const std::string admin = sandbox_.login("sysadmin@thingsboard.org", "sysadmin");
  const json info = json::parse(as(admin, "/api/tenantProfileInfo/default").body);
  const std::string path = "/api/tenantProfile/" + info.at("id").at("id").get<std::string>();
  const json profile = json::parse(as(admin, path).body).at("profileData").at("configuration");
  EXPECT_EQ(profile.at("transportDeviceMsgRateLimit"), "100:1");
  EXPECT_EQ(profile.at("transportTenantMsgRateLimit"), nullptr);
  EXPECT_EQ(profile.at("maxDevices"), 24);
  EXPECT_EQ(as(sandbox_.login(), path).status, 403);
}

}  // namespace
}  // namespace stresskit::test
