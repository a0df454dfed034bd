#include "stresskit/mqtt/protocol/session.hpp"

#include "unit/mqtt/protocol/hex.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace stresskit::mqtt::protocol {
namespace {

using test::hex;

class SessionTest : public testing::Test {
 protected:
  static Session connected(Version version, Qos qos, const std::string& connack) {
    Session session(version, qos);
    std::string out;
    session.connect({"sim-1", "token", 60}, out);
    EXPECT_TRUE(std::holds_alternative<Accepted>(session.receive(connack).event));
    return session;
  }
  static Session connected_v3() {
    return connected(Version::v3_1_1, Qos::at_least_once, hex("20 02 00 00"));
  }
  static Session connected_v5(const std::string& connack = hex("20 03 00 00 00")) {
    return connected(Version::v5, Qos::at_least_once, connack);
  }
  static Session connecting(Version version) {
    Session session(version, Qos::at_least_once);
    std::string out;
    session.connect({"sim-1", "token", 60}, out);
    return session;
  }

  static std::uint16_t publish(Session& session) {
    std::string frame;
    session.prepare("t", "{}", frame);
    return session.published();
  }

  template <class T>
  static T receive(Session& session, const std::string& bytes) {
    const Received received = session.receive(bytes);
    EXPECT_TRUE(std::holds_alternative<T>(received.event)) << received.event.index();
    return std::get<T>(received.event);
  }
};

TEST_F(SessionTest, ConnectIsTheFirstPacket) {
  Session session(Version::v3_1_1, Qos::at_least_once);
  std::string out;
  session.connect({"sim-1", "token", 60}, out);
  EXPECT_EQ(out, hex("10 18 0004'MQTT' 04 82 003C 0005'sim-1' 0005'token'"));
}

TEST_F(SessionTest, RefusalCarriesCodeAndReason) {
  Session v3 = connecting(Version::v3_1_1);
  EXPECT_EQ(receive<Refused>(v3, hex("20 02 00 05")).code, 5);
  Session v5 = connecting(Version::v5);
  const std::string bytes = hex("20 08 00 9F 05 1F 0002'no'");
  const auto refused = receive<Refused>(v5, bytes);
  EXPECT_EQ(refused.code, 0x9F);
  EXPECT_EQ(refused.reason, "no");
}

TEST_F(SessionTest, ServersLimitsHoldFromTheConnackOn) {
  Session session = connected_v5(hex("20 0B 00 00 08 21 0002 27 00000064"));
  EXPECT_EQ(session.maximum_packet_size(), 100U);
  publish(session);
  EXPECT_FALSE(session.window_full());
  const std::uint16_t second = publish(session);
  EXPECT_TRUE(session.window_full());
  receive<Acknowledged>(session, hex("40 02 00") + static_cast<char>(second));
  EXPECT_FALSE(session.window_full());
}

TEST_F(SessionTest, ServerThatTakesOnlyQos0IsNoServerForQos1) {
  Session session = connecting(Version::v5);
  const auto refused = receive<Refused>(session, hex("20 05 00 00 02 24 00"));
  EXPECT_EQ(refused.code, 0x9B);
  EXPECT_EQ(refused.reason, "the server takes QoS 0 only: set MQTT_QOS=0");
  connected(Version::v5, Qos::at_most_once, hex("20 05 00 00 02 24 00"));
}

TEST_F(SessionTest, AcknowledgementsAreMatchedInAnyOrder) {
  Session session = connected_v3();
  for (int i = 0; i < 3; ++i) {
    publish(session);
  }
  EXPECT_EQ(receive<Acknowledged>(session, hex("40 02 0003")).id, 3);
  EXPECT_EQ(receive<Acknowledged>(session, hex("40 02 0001")).id, 1);
  EXPECT_EQ(session.open_messages(), 1U);
  EXPECT_EQ(receive<Acknowledged>(session, hex("40 02 0002")).id, 2);
}

TEST_F(SessionTest, AcknowledgementIsNewsOnlyOnce) {
  Session session = connected_v3();
  receive<Nothing>(session, hex("40 02 0001"));
  publish(session);
  receive<Acknowledged>(session, hex("40 02 0001"));
  receive<Nothing>(session, hex("40 02 0001"));
}

// MQTT 5, table 3-4: below 0x80 is success.
TEST_F(SessionTest, PubackReasonDecidesBetweenAcknowledgedAndRejected) {
  Session session = connected_v5();
  publish(session);
  EXPECT_EQ(receive<Acknowledged>(session, hex("40 03 0001 10")).id, 1);
  for (const char* code : {"80", "83", "87", "90", "91", "97", "99"}) {
    const std::string id = hex("00") + static_cast<char>(publish(session));
    const auto rejected = receive<Rejected>(session, hex("40 03") + id + hex(code));
    EXPECT_EQ(static_cast<char>(rejected.code), hex(code)[0]);
  }
  EXPECT_EQ(session.open_messages(), 0U);
}

TEST_F(SessionTest, PacketIdsWrapFrom65535To1) {
  Session session = connected_v3();
  for (int i = 1; i <= 65'535; ++i) {
    ASSERT_EQ(publish(session), i);
    const std::string ack = {0x40, 2, static_cast<char>(i >> 8), static_cast<char>(i & 0xFF)};
    receive<Acknowledged>(session, ack);
  }
  EXPECT_EQ(publish(session), 1);
}

TEST_F(SessionTest, OpenPacketIdIsNeverGivenAgain) {
  Session session = connected_v3();
  EXPECT_EQ(publish(session), 1);  // never acknowledged
  for (int i = 2; i <= 65'535; ++i) {
    publish(session);
    const std::string ack = {0x40, 2, static_cast<char>(i >> 8), static_cast<char>(i & 0xFF)};
    receive<Acknowledged>(session, ack);
  }
  EXPECT_EQ(publish(session), 2);
}

TEST_F(SessionTest, WindowIsFullWhenEveryPacketIdIsOpen) {
  Session session = connected_v3();
  for (int i = 1; i < 65'535; ++i) {
    publish(session);
  }
  EXPECT_FALSE(session.window_full());
  EXPECT_EQ(publish(session), 65'535);
  EXPECT_TRUE(session.window_full());
}

TEST_F(SessionTest, PreparedFrameThatWasNotSentLeavesItsId) {
  Session session = connected_v3();
  std::string frame;
  session.prepare("t", "old", frame);
  session.prepare("t", "new", frame);
  EXPECT_EQ(frame, hex("32 08 0001't' 0001 'new'"));
  EXPECT_EQ(session.published(), 1);
}

TEST_F(SessionTest, NothingIsOpenAtQos0) {
  Session session = connected(Version::v3_1_1, Qos::at_most_once, hex("20 02 00 00"));
  EXPECT_NE(publish(session), publish(session)) << "the numbers still tell messages apart";
  EXPECT_EQ(session.open_messages(), 0U);
}

TEST_F(SessionTest, NextConnectionKnowsNothingOfTheOneBefore) {
  Session session = connected_v5(hex("20 06 00 00 03 21 0001"));
  publish(session);
  EXPECT_TRUE(session.window_full());
  std::string out;
  session.connect({"sim-1", "token", 60}, out);
  receive<Accepted>(session, hex("20 03 00 00 00"));
  EXPECT_FALSE(session.window_full());
  receive<Nothing>(session, hex("40 02 0001"));
}

TEST_F(SessionTest, ServersMessageSaysWhetherItWantsAPuback) {
  Session session = connected_v3();
  EXPECT_EQ(receive<Message>(session, hex("32 07 0001't' 0105 '{}'")).publish.id, 0x0105);
  EXPECT_EQ(receive<Message>(session, hex("30 05 0001't' '{}'")).publish.id, 0);
}

TEST_F(SessionTest, PongAndSubscribed) {
  Session session = connected_v3();
  receive<Pong>(session, hex("D0 00"));
  EXPECT_EQ(receive<Subscribed>(session, hex("90 03 000A 01")).suback.id, 10);
}

TEST_F(SessionTest, GoodbyeIsUnderstoodBeforeAndAfterConnack) {
  Session session = connected_v5();
  EXPECT_EQ(receive<Disconnected>(session, hex("E0 02 8E 00")).code, 0x8E);
  Session early = connecting(Version::v5);
  EXPECT_EQ(receive<Disconnected>(early, hex("E0 02 81 00")).code, 0x81);
}

TEST_F(SessionTest, PacketsOutOfPlaceBreakTheProtocol) {
  for (const char* bytes : {"40 02 0001", "30 05 0001't' '{}'", "90 03 000A 01", "D0 00"}) {
    Session session = connecting(Version::v3_1_1);
    receive<Broken>(session, hex(bytes));
  }
  Session session = connected_v3();
  receive<Broken>(session, hex("20 02 00 00"));
}

TEST_F(SessionTest, RubbishBreaksTheProtocol) {
  Session session = connecting(Version::v3_1_1);
  EXPECT_STREQ(receive<Broken>(session, "HTTP/1.1 400 Bad Request\r\n").what,
               "not a packet a server may send");
}

TEST_F(SessionTest, SessionIsSmall) {
  EXPECT_LE(sizeof(Session), 64U);
}

}  // namespace
}  // namespace stresskit::mqtt::protocol
