// What the server says of itself, as a tenant reads it.
#include "integration/sandbox/fixture.hpp"

namespace stresskit::test {
namespace {

using nlohmann::json;

class SandboxFigures : public SandboxFixture {
 protected:
  SandboxFigures() { sandbox_.fault({{"report_every_ms", 20}}); }

  void publish(int messages) {
    MqttDevice mqtt(sandbox_.mqtt_port());
    ASSERT_EQ(mqtt.connect("token-a"), 0);
    for (int seq = 1; seq <= messages; ++seq) ASSERT_TRUE(mqtt.publish(message(seq)));
  }

  /// The latest values of the one entity that `filter` finds; null when it finds none.
  json query(const json& filter, const std::vector<std::string>& keys) {
    json latest = json::array();
    for (const std::string& key : keys) latest.push_back({{"type", "TIME_SERIES"}, {"key", key}});
    const json body{{"entityFilter", filter},
                    {"pageLink", {{"page", 0}, {"pageSize", 10}}},
                    {"entityFields", {{{"type", "ENTITY_FIELD"}, {"key", "name"}}}},
                    {"latestValues", latest},
                    {"keyFilters", json::array()}};
    const auto answer = sandbox_.call("POST", "/api/entitiesQuery/find", body.dump());
    EXPECT_EQ(answer.status, 200) << answer.raw;
    const json data = json::parse(answer.body).at("data");
    return data.empty() ? json() : data.at(0).at("latest");
  }

  json usage() { return get("/api/usage"); }
};

TEST_F(SandboxFigures, CountEveryAcceptedMessageOnceReported) {
  publish(7);
  EXPECT_TRUE(comes_true([&] { return usage().at("transportMessages") == 7; })) << usage();

  sandbox_.fault({{"report_every_ms", 3'600'000}});
  publish(1);
  EXPECT_EQ(sandbox_.recorder().at("messages"), 8);
  EXPECT_EQ(usage().at("transportMessages"), 7) << "of the last report";
}

TEST_F(SandboxFigures, ShowPointsAcceptedAgainstPointsStored) {
  sandbox_.fault({{"storage", {{"drop_every", 5}}}});
  publish(10);
  const auto points = [&](const char* key) {
    return query({{"type", "apiUsageState"}}, {key}).at("TIME_SERIES").at(key).at("value");
  };
  EXPECT_TRUE(comes_true([&] { return points("transportDataPointsCount") == "20"; }));
  EXPECT_TRUE(comes_true([&] { return points("storageDataPointsCount") == "16"; }));
}

TEST_F(SandboxFigures, TellWhatTheQueueDidInItsLastPeriod) {
  const json filter{{"type", "entityType"}, {"entityType", "QUEUE_STATS"}};
  EXPECT_TRUE(query(filter, {"totalMsgs"}).is_null()) << "made with the first message";
  sandbox_.fault({{"report_every_ms", 2'000}, {"storage", {{"drop_every", 4}}}});
  publish(8);
  json latest;
  ASSERT_TRUE(comes_true([&] {
    latest = query(filter, {"totalMsgs", "failedMsgs", "successfulMsgs", "nonsense"});
    return latest.at("TIME_SERIES").at("totalMsgs").at("value") != "";
  }));
  EXPECT_EQ(latest.at("ENTITY_FIELD").at("name").at("value"), "Main_sandbox");
  const json& series = latest.at("TIME_SERIES");
  EXPECT_EQ(series.at("totalMsgs").at("value"), "8");
  EXPECT_EQ(series.at("failedMsgs").at("value"), "2");
  EXPECT_EQ(series.at("successfulMsgs").at("value"), "6");
  EXPECT_EQ(series.at("nonsense"), json({{"ts", 0}, {"value", ""}}));
}

TEST_F(SandboxFigures, CloseConnectionsOnceTheQuotaIsReportedAsUsedUp) {
  sandbox_.fault({{"max_transport_messages", 3}});
  MqttDevice mqtt(sandbox_.mqtt_port());
  ASSERT_EQ(mqtt.connect("token-a"), 0);
  EXPECT_EQ(usage().at("maxTransportMessages"), 3);
  EXPECT_TRUE(comes_true([&] { return !mqtt.publish(R"({"a":1})"); }));
  EXPECT_EQ(MqttDevice(sandbox_.mqtt_port()).connect("token-a"), 3);

  sandbox_.fault({{"max_transport_messages", 0}});
  EXPECT_EQ(MqttDevice(sandbox_.mqtt_port()).connect("token-a"), 0);
}

// What a customer's account may read, and what it may not.
TEST_F(SandboxFigures, AreNotForACustomer) {
  const std::string token = sandbox_.login("customer@thingsboard.org", "customer");
  const auto status = [&](const std::string& path) {
    return http(sandbox_.port(), "GET", path, {{"X-Authorization", "Bearer " + token}}).status;
  };
  EXPECT_EQ(status("/api/system/info"), 200);
  for (const char* path : {"/api/usage?", "/api/queueStats?pageSize=1&page=0",
                           "/api/admin/systemInfo?", "/api/tenant/devices?pageSize=1&page=0"}) {
    EXPECT_EQ(status(path), 403) << path;
  }
  EXPECT_EQ(status("/api/plugins/telemetry/DEVICE/" + device_ + "/values/timeseries?keys=a"), 403);
}

TEST_F(SandboxFigures, ThePrometheusEndpointFollowsAMessageToTheDatabase) {
  const auto shown = [&](const std::string& series, double value) {
    const auto answer = sandbox_.call("GET", "/actuator/prometheus");
    return answer.status == 200 &&
           answer.body.find(series + " " + std::to_string(static_cast<int>(value)) + ".0") !=
               std::string::npos;
  };
  const std::string taken = "ruleEngine_Main_total{statsName=\"totalMsgs\",}";
  const std::string handed = "ts_queue_0_total{statsName=\"totalMsgs\",}";
  const std::string saved = "ts_queue_0_total{statsName=\"successfulMsgs\",}";
  publish(3);
  EXPECT_TRUE(comes_true([&] { return shown(taken, 3) && shown(handed, 6) && shown(saved, 6); }));
  sandbox_.fault({{"storage", {{"delay_ms", 3'600'000}}}});
  publish(4);
  const std::string accepted = "ruleEngine_producer_total{statsName=\"totalMsgs\",}";
  EXPECT_TRUE(comes_true([&] { return shown(accepted, 7); }));
  EXPECT_TRUE(shown(taken, 3)) << "the rest waits in the queue";
  sandbox_.fault({{"storage", {{"delay_ms", 3'600'000}, {"waits_in_database", true}}}});
  EXPECT_TRUE(shown(taken, 7));
  EXPECT_TRUE(shown(handed, 14)) << "the rest waits for the database";
  EXPECT_TRUE(shown(saved, 6));
}

TEST_F(SandboxFigures, ThePrometheusEndpointHasNoJson) {
  const auto status = [&](const std::string& accept) {
    return http(sandbox_.port(), "GET", "/actuator/prometheus", {{"Accept", accept}}).status;
  };
  EXPECT_EQ(status("application/json"), 406);
  EXPECT_EQ(status("text/plain"), 200);
  EXPECT_EQ(status("application/json, */*;q=0.1"), 200);
}

}  // namespace
}  // namespace stresskit::test
