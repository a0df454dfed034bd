#include "unit/sandbox/transport_fixture.hpp"

#include <chrono>

namespace stresskit::sandbox::test {
namespace {

using namespace std::chrono_literals;

class TransportSessions : public TransportTest {};

TEST_F(TransportSessions, OpenWhenThePlatformAgrees) {
  core.opened(7, "10.0.0.1");
  EXPECT_EQ(talk(7, connect(4, "token")), "") << "the platform has not spoken yet";
  EXPECT_EQ(connect_user, "token");
  verdict(7, 0, 0, "device");
  EXPECT_EQ(take(7), bytes({0x20, 2, 0, 0}));
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].type, Frame::opened);
  EXPECT_EQ(seen[0].device, "device");
}

TEST_F(TransportSessions, AreRefusedWithTheCodeOfTheirVersion) {
  core.opened(1, "");
  core.received(1, connect(4, "wrong", false));
  verdict(1, 5, 0x86, "");
  EXPECT_EQ(take(1), bytes({0x20, 2, 1, 5}));
  EXPECT_TRUE(finished.contains(1));

  core.opened(2, "");
  core.received(2, connect(5, "wrong"));
  verdict(2, 5, 0x86, "");
  EXPECT_EQ(take(2), bytes({0x20, 3, 0, 0x86, 0}) + goodbye(0x86));
}

TEST_F(TransportSessions, SayBusyAfterTheyWereUnavailable) {
  core.opened(1, "");
  core.received(1, connect(5, "token"));
  verdict(1, 3, 0x88, "");
  EXPECT_EQ(take(1), bytes({0x20, 3, 0, 0x88, 0}) + goodbye(0x89));
}

TEST_F(TransportSessions, SurviveAnySplitOfTheirBytes) {
  const std::string all = connect(5, "token") + publish(5, 1, 1, "v2/t", "{\"a\":1}") + ping;
  const std::string answers = bytes({0x20, 3, 0, 0, 0}) + puback_1 + pong;
  for (std::size_t cut = 1; cut < all.size(); ++cut) {
    const Id id = cut;
    core.opened(id, "");
    core.received(id, all.substr(0, cut));
    core.received(id, all.substr(cut));
    verdict(id, 0, 0, "device " + std::to_string(cut));
    ASSERT_EQ(take(id), answers) << "cut at " << cut;
  }
}

TEST_F(TransportSessions, SurviveTheirBytesOneByOne) {
  core.opened(1, "");
  for (const char byte : connect(4, "token")) {
    core.received(1, {&byte, 1});
  }
  verdict(1, 0, 0, "device");
  for (const char byte : publish(4, 1, 1, "v2/t", "{\"a\":1}")) {
    core.received(1, {&byte, 1});
  }
  EXPECT_EQ(take(1), bytes({0x20, 2, 0, 0}) + puback_1);
}

TEST_F(TransportSessions, QueueAHundredPacketsBeforeConnack) {
  core.opened(1, "");
  core.received(1, connect(5, "token"));
  for (int i = 0; i < 100; ++i) {
    core.received(1, ping);
  }
  EXPECT_FALSE(finished.contains(1));
  verdict(1, 0, 0, "device");
  EXPECT_EQ(take(1).size(), 5U + 200U);
}

TEST_F(TransportSessions, EndWhenMoreThanAHundredPacketsWait) {
  core.opened(1, "");
  core.received(1, connect(5, "token"));
  for (int i = 0; i < 101; ++i) {
    core.received(1, ping);
  }
  EXPECT_TRUE(finished.contains(1));
  EXPECT_EQ(take(1), goodbye(0x97));
  verdict(1, 0, 0, "device");
  EXPECT_EQ(take(1), "") << "the verdict comes too late";
}

TEST_F(TransportSessions, WithoutConnectStayOpenAndSilent) {
  core.opened(1, "");
  EXPECT_EQ(talk(1, publish(4, 1, 1, "v1/devices/me/telemetry", "{\"a\":1}")), "");
  EXPECT_EQ(talk(1, ping), "");
  pass(720s);
  EXPECT_FALSE(finished.contains(1));
}

TEST_F(TransportSessions, EndWithoutAWordForWhatIsNoMqtt) {
  core.opened(1, "");
  EXPECT_EQ(talk(1, "GET / HTTP/1.1\r\n\r\n"), "");
  EXPECT_TRUE(finished.contains(1));
}

TEST_F(TransportSessions, EndAtASecondConnect) {
  let_in(1, 5);
  EXPECT_EQ(talk(1, connect(5, "token")), goodbye(0x82));
  EXPECT_TRUE(finished.contains(1));
}

TEST_F(TransportSessions, AreClosedForMalformedPackets) {
  let_in(1, 5);
  EXPECT_EQ(talk(1, publish(5, 3, 1, "t", "")), goodbye(0x81));
  let_in(2, 4, "other");
  EXPECT_EQ(talk(2, publish(4, 3, 1, "t", "")), "");
  EXPECT_TRUE(finished.contains(2));
}

TEST_F(TransportSessions, AnswerDisconnectFromMqtt5On) {
  let_in(1, 5);
  EXPECT_EQ(talk(1, disconnect), bytes({0xE0, 0}));
  let_in(2, 4);
  EXPECT_EQ(talk(2, disconnect), "");
  EXPECT_EQ(finished, (std::set<Id>{1, 2}));
  EXPECT_EQ(seen.back().type, Frame::closed);
}

TEST_F(TransportSessions, OfOneDeviceEvictTheOlderALittleLater) {
  let_in(1, 5);
  let_in(2, 5);
  EXPECT_EQ(telemetry(1, 5, "{}"), puback_1) << "for a moment both are there";
  pass(49ms);
  EXPECT_FALSE(finished.contains(1));
  pass(1ms);
  EXPECT_TRUE(finished.contains(1));
  EXPECT_EQ(take(1), goodbye(0x8E));
  EXPECT_EQ(telemetry(2, 5, "{}"), puback_1);
}

TEST_F(TransportSessions, OfOneDeviceCanEvictEachOtherInARow) {
  for (Id id = 1; id <= 4; ++id) {
    let_in(id);
  }
  pass(50ms);
  EXPECT_EQ(finished, (std::set<Id>{1, 2, 3}));
  evict("device");
  EXPECT_TRUE(finished.contains(4));
}

TEST_F(TransportSessions, EndWithTheirDevice) {
  let_in(1, 5);
  let_in(2, 5, "other");
  evict("device");
  EXPECT_EQ(take(1), goodbye(0x98));
  EXPECT_EQ(finished, (std::set<Id>{1}));
  evict("device");
  evict("nobody");
}

TEST_F(TransportSessions, TellThePlatformWhenTheDeviceIsGone) {
  let_in(1);
  core.ended(1);
  EXPECT_EQ(seen.back().type, Frame::closed);
  EXPECT_EQ(seen.back().device, "device");
  core.ended(1);
  EXPECT_EQ(seen.size(), 2U) << "once";
}

TEST_F(TransportSessions, DoNotKeepToTheirKeepAliveButToTenMinutes) {
  let_in(1, 5);
  pass(597s);
  EXPECT_FALSE(finished.contains(1));
  EXPECT_EQ(talk(1, ping), pong);
  pass(599s);
  EXPECT_FALSE(finished.contains(1));
  pass(4s);
  EXPECT_TRUE(finished.contains(1));
  EXPECT_EQ(take(1), goodbye(0xA0));
}

class TransportFaults : public TransportTest {};

TEST_F(TransportFaults, RefuseEveryConnectWithACode) {
  limits(R"({"refuse": {"code": 3, "code_v5": 136}})");
  core.opened(1, "");
  EXPECT_EQ(talk(1, connect(4, "token")), bytes({0x20, 2, 0, 3}));
  core.opened(2, "");
  EXPECT_EQ(talk(2, connect(5, "token")), bytes({0x20, 3, 0, 0x88, 0}) + goodbye(0x89));
  EXPECT_EQ(connects, 0) << "the platform is not asked";
  limits("{}");
  let_in(3);
  EXPECT_FALSE(finished.contains(3));
}

TEST_F(TransportFaults, CloseInsteadOfAccepting) {
  limits(R"({"close_on_accept": true})");
  core.opened(1, "");
  EXPECT_TRUE(finished.contains(1));
  EXPECT_EQ(talk(1, connect(4, "token")), "");
}

TEST_F(TransportFaults, CloseTheConnectionsOfAnAddressBeyondItsMost) {
  limits(R"({"max_connections_per_address": 2})");
  core.opened(1, "10.0.0.1");
  core.opened(2, "10.0.0.1");
  core.opened(3, "10.0.0.1");
  core.opened(4, "10.0.0.2");
  EXPECT_EQ(finished, std::set<Id>{3}) << "the first too many, and nobody of another address";
  EXPECT_EQ(talk(3, connect(4, "token")), "");
  core.ended(1);
  core.opened(5, "10.0.0.1");
  EXPECT_FALSE(finished.contains(5)) << "there is room again";
}

TEST_F(TransportFaults, DelayConnackAndPuback) {
  limits(R"({"connack_delay_ms": 100, "puback_delay_ms": 40})");
  core.opened(1, "");
  core.received(1, connect(4, "token"));
  verdict(1, 0, 0, "device");
  pass(99ms);
  EXPECT_EQ(take(1), "");
  pass(1ms);
  EXPECT_EQ(take(1), bytes({0x20, 2, 0, 0}));

  EXPECT_EQ(telemetry(1, 4, "{\"a\":1}"), "");
  EXPECT_EQ(seen.back().type, Frame::telemetry) << "stored at once";
  EXPECT_EQ(talk(1, ping), pong) << "the connection itself is not slow";
  pass(40ms);
  EXPECT_EQ(take(1), puback_1);
}

TEST_F(TransportFaults, DropDelayedAnswersWithTheirConnection) {
  limits(R"({"puback_delay_ms": 40})");
  let_in(1);
  telemetry(1, 4, "{\"a\":1}");
  core.ended(1);
  pass(1s);
  EXPECT_EQ(take(1), "");
}

TEST_F(TransportFaults, BlockAnAddressAfterWrongCredentialsInARow) {
  limits(R"({"ip_block": {"wrong_credentials": 2, "block_ms": 60000}})");
  for (const Id id : {Id{1}, Id{2}}) {
    core.opened(id, "10.0.0.1");
    core.received(id, connect(5, "wrong"));
    verdict(id, 5, 0x86, "");
    take(id);
  }
  core.opened(3, "10.0.0.1");
  EXPECT_EQ(talk(3, connect(5, "token")), "");
  EXPECT_TRUE(finished.contains(3));
  core.opened(4, "10.0.0.2");
  core.received(4, connect(5, "token"));
  EXPECT_EQ(connects, 3) << "another address is asked for";
  pass(60s);
  let_in(5);
  EXPECT_FALSE(finished.contains(5));
}

TEST_F(TransportFaults, ForgetWrongCredentialsAfterARightOne) {
  limits(R"({"ip_block": {"wrong_credentials": 2, "block_ms": 60000}})");
  const auto fail = [&](Id id) {
    core.opened(id, "10.0.0.1");
    core.received(id, connect(4, "wrong"));
    verdict(id, 5, 0x86, "");
  };
  fail(1);
  let_in(2);
  fail(3);
  let_in(4);
  EXPECT_FALSE(finished.contains(4));
}

TEST_F(TransportFaults, IgnoreADocumentThatIsWrong) {
  limits(R"({"close_on_accept": true})");
  limits(R"({"close_on_acept": false})");
  core.opened(1, "");
  EXPECT_TRUE(finished.contains(1));
}

class TransportLimits : public TransportTest {};

TEST_F(TransportLimits, RefuseAConnectWithServerUnavailable) {
  limits(R"({"rate_limits": {"transportDeviceMsgRateLimit": "1:20"}})");
  let_in(1, 4);
  core.opened(2, "");
  core.received(2, connect(4, "token"));
  verdict(2, 0, 0, "device");
  EXPECT_EQ(take(2), bytes({0x20, 2, 0, 3}));
  core.opened(3, "");
  core.received(3, connect(5, "token"));
  verdict(3, 0, 0, "device");
  EXPECT_EQ(take(3), bytes({0x20, 3, 0, 0x9F, 0}) + goodbye(0x96));
  pass(20s);
  let_in(4, 4);
  EXPECT_FALSE(finished.contains(4)) << "the bucket is full again";
}

TEST_F(TransportLimits, CloseAtAPublishAndStoreNothing) {
  limits(R"({"rate_limits": {"transportDeviceTelemetryMsgRateLimit": "1:20"}})");
  let_in(1, 5);
  EXPECT_EQ(telemetry(1, 5, "{\"a\":1}"), puback_1);
  EXPECT_EQ(telemetry(1, 5, "{\"a\":1}"), goodbye(0x83));
  EXPECT_EQ(std::count_if(seen.begin(), seen.end(),
                          [](const Seen& one) { return one.type == Frame::telemetry; }),
            1);
}

TEST_F(TransportLimits, CloseAtTheNextPublishWhenTheQuotaIsUsedUp) {
  let_in(1, 5);
  limits(R"({"quota_reached": true})");
  EXPECT_FALSE(finished.contains(1)) << "not by itself";
  EXPECT_EQ(telemetry(1, 5, "{\"a\":1}", 0), goodbye(0x83));
}

TEST_F(TransportLimits, LetASubscriptionSucceedUnregistered) {
  let_in(1, 4);
  limits(R"({"quota_reached": true})");
  EXPECT_EQ(talk(1, subscribe(4, 3, "v1/devices/me/attributes", 1)), bytes({0x90, 3, 0, 3, 1}));
  EXPECT_FALSE(finished.contains(1));
}

}  // namespace
}  // namespace stresskit::sandbox::test
