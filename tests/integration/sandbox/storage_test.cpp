// A store that lies or is slow, as a client sees it, and what the recorder says of it.
#include "integration/sandbox/fixture.hpp"

namespace stresskit::test {
namespace {

using nlohmann::json;

class SandboxStorage : public SandboxFixture {
 protected:
  SandboxStorage() { EXPECT_EQ(mqtt_.connect("token-a"), 0); }

  /// Messages 1 to `last`, all acknowledged.
  void publish(int last) {
    for (int seq = 1; seq <= last; ++seq) ASSERT_TRUE(mqtt_.publish(message(seq)));
  }

  MqttDevice mqtt_{sandbox_.mqtt_port()};
};

TEST_F(SandboxStorage, AcknowledgesAndDropsEveryNth) {
  sandbox_.fault({{"storage", {{"drop_every", 3}}}});
  publish(7);
  const json recorder = sandbox_.recorder();
  EXPECT_EQ(recorder.at("messages"), 7);
  EXPECT_EQ(recorder.at("stored"), 5);
  EXPECT_EQ(count(), 5);
  const json missing = get("/sandbox/recorder/messages?device=a&stored=false").at("messages");
  ASSERT_EQ(missing.size(), 2);
  EXPECT_EQ(missing.at(0), json({{"device", "a"}, {"seq", 3}, {"ts", 3}, {"stored", false}}));
  EXPECT_EQ(missing.at(1).at("seq"), 6);
  EXPECT_EQ(get("/sandbox/recorder/messages").at("messages").size(), 7);
}

TEST_F(SandboxStorage, StoresLateWhatItAcknowledgedAtOnce) {
  sandbox_.fault({{"storage", {{"delay_ms", 60'000}}}});
  publish(3);
  EXPECT_EQ(sandbox_.recorder().at("backlog"), 3);
  EXPECT_EQ(count(), 0);
  sandbox_.fault({{"storage", {{"delay_ms", 10}}}});
  EXPECT_TRUE(comes_true([&] { return count() == 3; }));
}

TEST_F(SandboxStorage, FallsBehindAtARateAndCatchesUp) {
  sandbox_.fault({{"storage", {{"rate", 1}}}});
  publish(20);
  EXPECT_GT(sandbox_.state().at("backlog"), 0);
  sandbox_.fault({{"storage", {{"rate", 1'000}}}});
  EXPECT_TRUE(comes_true([&] { return count() == 20; }));
  EXPECT_EQ(sandbox_.state().at("backlog"), 0);
}

TEST_F(SandboxStorage, LosesItsBacklogWithTheServerUnlessItIsDurable) {
  for (const char* how : {"stop", "kill"}) {
    sandbox_.fault({{"storage", {{"delay_ms", 60'000}}}});
    MqttDevice mqtt(sandbox_.mqtt_port());
    ASSERT_EQ(mqtt.connect("token-a"), 0);
    ASSERT_TRUE(mqtt.publish(message(1)));
    sandbox_.fault({{"transport", how}});
    EXPECT_EQ(sandbox_.fault({{"storage", json::object()}}).at("backlog"), 0);
    EXPECT_EQ(count(), 0) << how;
    sandbox_.fault({{"transport", "start"}});
  }
  sandbox_.fault({{"storage", {{"delay_ms", 60'000}, {"durable", true}}}});
  MqttDevice mqtt(sandbox_.mqtt_port());
  ASSERT_EQ(mqtt.connect("token-a"), 0);
  ASSERT_TRUE(mqtt.publish(message(1)));
  sandbox_.fault({{"transport", "kill"}});
  sandbox_.fault({{"storage", json::object()}});
  EXPECT_TRUE(comes_true([&] { return count() == 1; }));
}

TEST_F(SandboxStorage, ForgetsWhatIsOlderThanItsTimeToLive) {
  publish(2);
  EXPECT_TRUE(comes_true([&] { return count() == 2; })) << "stored a moment after the PUBACK";
  sandbox_.fault({{"storage", {{"ttl_s", 3'600}}}});
  EXPECT_EQ(count(), 0) << "of 1970";
}

TEST_F(SandboxStorage, IsBackToNormalWithTheOtherFaults) {
  sandbox_.fault({{"storage", {{"drop_every", 1}}}});
  sandbox_.clear_faults();
  publish(1);
  EXPECT_EQ(sandbox_.recorder().at("stored"), 1);
}

TEST_F(SandboxStorage, RefusesASwitchItDoesNotKnow) {
  EXPECT_THROW(sandbox_.fault({{"storage", {{"drop_evry", 3}}}}), std::runtime_error);
}

TEST_F(SandboxStorage, StampsWithAServerClockThatIsOff) {
  const auto latest = [&] {
    return get("/api/plugins/telemetry/DEVICE/" + device_ + "/values/timeseries?keys=t")
        .at("t")
        .at(0)
        .at("ts")
        .get<std::int64_t>();
  };
  ASSERT_TRUE(mqtt_.publish(R"({"t":1})"));
  ASSERT_EQ(sandbox_.recorder().at("stored"), 1);
  const std::int64_t right = latest();
  const std::string date = sandbox_.call("GET", "/api/auth/user").header("Date");
  EXPECT_TRUE(date.ends_with("GMT")) << date;

  sandbox_.fault({{"clock_offset_ms", 600'000}});
  ASSERT_TRUE(mqtt_.publish(R"({"t":2})"));
  ASSERT_EQ(sandbox_.recorder().at("stored"), 2);
  EXPECT_GE(latest(), right + 600'000);
  EXPECT_NE(sandbox_.call("GET", "/api/auth/user").header("Date").substr(0, 22),
            date.substr(0, 22));
}

}  // namespace
}  // namespace stresskit::test
