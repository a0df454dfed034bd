#include "unit/sandbox/transport_fixture.hpp"

namespace stresskit::sandbox::test {
namespace {

class TransportRequests : public TransportTest {
 protected:
  [[nodiscard]] std::vector<std::string> stored() const {
    std::vector<std::string> payloads;
    for (const Seen& one : seen) {
      if (one.type == Frame::telemetry) {
        payloads.push_back(one.payload);
      }
    }
    return payloads;
  }
};

TEST_F(TransportRequests, TelemetryGoesToThePlatformWithItsTimeOfArrival) {
  let_in(1);
  EXPECT_EQ(telemetry(1, 4, R"({"a":1})"), puback_1);
  ASSERT_EQ(seen.back().type, Frame::telemetry);
  EXPECT_EQ(seen.back().device, "device");
  EXPECT_EQ(seen.back().payload, R"({"a":1})");
  EXPECT_EQ(arrival_ms, 1'795'428'900'000);
}

TEST_F(TransportRequests, TelemetryIsAcknowledgedByPubackAtQos1And2Only) {
  let_in(1);
  EXPECT_EQ(telemetry(1, 4, R"({"a":1})", 0), "");
  EXPECT_EQ(telemetry(1, 4, R"({"a":1})", 2), puback_1);
  EXPECT_EQ(talk(1, packet(0x62, u16(1))), "") << "PUBREL is read over";
  EXPECT_EQ(stored().size(), 2U);
}

TEST_F(TransportRequests, EmptyArraysAreNeverAcknowledgedEmptyObjectsAre) {
  let_in(1);
  EXPECT_EQ(telemetry(1, 4, "[]"), "");
  EXPECT_EQ(telemetry(1, 4, "{}"), puback_1);
  EXPECT_EQ(stored(), std::vector<std::string>{"{}"});
  EXPECT_FALSE(finished.contains(1));
}

TEST_F(TransportRequests, BadPayloadsEndOldSessionsAndAreExplainedToNewOnes) {
  let_in(1, 4);
  EXPECT_EQ(telemetry(1, 4, R"({"a":)"), "");
  EXPECT_TRUE(finished.contains(1));
  let_in(2, 5);
  EXPECT_EQ(telemetry(2, 5, R"({"a":)"), bytes({0x40, 4, 0, 1, 0x99, 0}));
  EXPECT_FALSE(finished.contains(2));
  EXPECT_EQ(telemetry(2, 5, R"({"a":)", 0), goodbye(0x99));
  EXPECT_TRUE(finished.contains(2));
  EXPECT_TRUE(stored().empty());
}

TEST_F(TransportRequests, ATsThatIsNoNumberEndsTheSession) {
  let_in(1, 5);
  EXPECT_EQ(telemetry(1, 5, R"({"ts":"x","values":{"a":1}})"), goodbye(0x8B));
}

TEST_F(TransportRequests, LenientJsonReachesThePlatformAsStrictJson) {
  let_in(1);
  EXPECT_EQ(telemetry(1, 4, "{a:'b'}"), puback_1);
  EXPECT_EQ(stored(), std::vector<std::string>{R"({"a":"b"})"});
}

TEST_F(TransportRequests, ProtobufTopicsAreBadPayloadsHere) {
  let_in(1, 5);
  EXPECT_EQ(talk(1, publish(5, 1, 1, "v2/t/p", "\x08\x01")), bytes({0x40, 4, 0, 1, 0x99, 0}));
}

TEST_F(TransportRequests, AttributesAreStoredAndAskedForInVain) {
  let_in(1);
  EXPECT_EQ(talk(1, publish(4, 1, 1, "v1/devices/me/attributes", R"({"fw":"1.0"})")), puback_1);
  EXPECT_EQ(seen.back().type, Frame::attributes);
  EXPECT_EQ(seen.back().payload, R"({"fw":"1.0"})");
  const std::string answer =
      packet(0x32, text("v1/devices/me/attributes/response/9") + u16(1) + "{}");
  EXPECT_EQ(
      talk(1, publish(4, 1, 1, "v1/devices/me/attributes/request/9", R"({"clientKeys":"fw"})")),
      puback_1 + answer);
}

TEST_F(TransportRequests, RequestsNeedANumberAtTheEndOfTheirTopic) {
  let_in(1, 5);
  const std::string bad = bytes({0x40, 4, 0, 1, 0x99, 0});
  EXPECT_EQ(talk(1, publish(5, 1, 1, "v1/devices/me/attributes/request/x", "{}")), bad);
  EXPECT_EQ(talk(1, publish(5, 1, 1, "v1/devices/me/rpc/request/", R"({"method":"m"})")), bad);
}

TEST_F(TransportRequests, AnswersComeAtTheQosOfTheSubscription) {
  let_in(1);
  const std::string wish = publish(4, 1, 1, "v1/devices/me/attributes/request/9", "{}");
  const std::string topic = text("v1/devices/me/attributes/response/9");
  EXPECT_EQ(talk(1, subscribe(4, 2, "v1/devices/me/attributes/response/+", 0)),
            bytes({0x90, 3, 0, 2, 0}));
  EXPECT_EQ(talk(1, wish), puback_1 + packet(0x30, topic + "{}"));
  EXPECT_EQ(talk(1, packet(0xA2, u16(3) + text("v1/devices/me/attributes/response/+"))),
            bytes({0xB0, 2, 0, 3}));
  EXPECT_EQ(talk(1, wish), puback_1 + packet(0x32, topic + u16(1) + "{}"));
  EXPECT_EQ(talk(1, wish), puback_1 + packet(0x32, topic + u16(2) + "{}"));
}

TEST_F(TransportRequests, SessionLimitsAreThoseOfTheDevice) {
  limits(R"({"rate_limits": {"transportDeviceMsgRateLimit": "100:1,2000:60",
                             "transportTenantMsgRateLimit": "9:9"}})");
  let_in(1);
  const std::string answer = talk(1, publish(4, 1, 1, "v1/devices/me/rpc/request/1",
                                             R"({"method":"getSessionLimits","params":{}})"));
  const std::string json =
      R"({"maxPayloadSize":65536,"maxInflightMessages":100,"rateLimits":{"messages":"100:1,2000:60",)"
      R"("telemetryMessages":null,"telemetryDataPoints":null}})";
  EXPECT_EQ(answer, puback_1 + packet(0x32, text("v1/devices/me/rpc/response/1") + u16(1) + json));
}

TEST_F(TransportRequests, OtherCallsAreAcknowledgedAndNotAnswered) {
  let_in(1);
  EXPECT_EQ(talk(1, publish(4, 1, 1, "v1/devices/me/rpc/request/1", R"({"method":"x"})")),
            puback_1);
  EXPECT_EQ(talk(1, publish(4, 1, 1, "v1/devices/me/claim", "{}")), puback_1);
}

TEST_F(TransportRequests, UnknownTopicsLookFineBelowMqtt5) {
  let_in(1, 4);
  EXPECT_EQ(talk(1, publish(4, 1, 1, "nonsense", "{}")), puback_1);
  let_in(2, 5, "other");
  EXPECT_EQ(talk(2, publish(5, 1, 1, "nonsense", "{}")), bytes({0x40, 4, 0, 1, 0x90, 0}));
  EXPECT_TRUE(stored().empty());
  EXPECT_TRUE(finished.empty());
}

TEST_F(TransportRequests, GatewayTopicsAreIgnored) {
  let_in(1);
  EXPECT_EQ(talk(1, publish(4, 1, 1, "v1/gateway/telemetry", "{}")), "");
  EXPECT_EQ(talk(1, ping), pong);
}

TEST_F(TransportRequests, SubscriptionsToUnknownTopicsFail) {
  let_in(1, 4);
  EXPECT_EQ(talk(1, subscribe(4, 3, "nonsense/topic", 1)), bytes({0x90, 3, 0, 3, 0x80}));
  let_in(2, 5, "other");
  EXPECT_EQ(talk(2, subscribe(5, 3, "nonsense/topic", 1)), bytes({0x90, 4, 0, 3, 0, 0x8F}));
  EXPECT_EQ(talk(2, packet(0xA2, u16(4) + bytes({0}) + text("nonsense/topic"))),
            bytes({0xB0, 4, 0, 4, 0, 0x11}));
}

TEST_F(TransportRequests, AcknowledgementsOfTheClientAreReadOver) {
  let_in(1, 5);
  EXPECT_EQ(talk(1, packet(0x40, u16(1)) + packet(0x50, u16(1)) + packet(0xF0, "")), "");
  EXPECT_EQ(talk(1, ping), pong);
}

}  // namespace
}  // namespace stresskit::sandbox::test
