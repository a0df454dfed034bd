// What MQTT 5 adds: codes, reasons and limits of the server.
#include "integration/engine/conformance.hpp"
#include "support/scripted_mqtt_server.hpp"

#include <fmt/format.h>

#include <map>

namespace stresskit::mqtt {
namespace {

using test::PacketType;
using test::ScriptedMqttServer;
using testing::HasSubstr;
using testing::Not;
using Session = ScriptedMqttServer::Session;

class NativeMqtt5 : public EngineConformance {
 protected:
  NativeMqtt5() { settings.version = "5"; }

  /// A server whose CONNACK has these properties and that works from there on.
  static ScriptedMqttServer::Script serve_with(std::string properties) {
    return [properties = std::move(properties)](Session& session) {
      (void)session.receive();
      session.connack(0, properties);
      ScriptedMqttServer::serve(session);
    };
  }
};

INSTANTIATE_TEST_SUITE_P(, NativeMqtt5, testing::Values("native"), engine_name);

std::string property(char id, std::string_view value) {
  return id + std::string(value);
}

TEST_P(NativeMqtt5, ServersReceiveMaximumIsReportedAndKept) {
  ScriptedMqttServer server([](Session& session) {
    (void)session.receive();
    session.connack(0, property(0x21, test::big_endian(2)));
    session.hold();
  });
  connect(server.port());
  EXPECT_EQ(events.first(What::connected)->accepted.receive_maximum, 2);
  publish(0, "1");
  publish(0, "2");
  connections->prepare(0, "3");
  const auto third = connections->publish(0);
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().bucket, fleet::Bucket::client_backpressure);
}

TEST_P(NativeMqtt5, MessageLargerThanTheServerTakesIsNotSent) {
  ScriptedMqttServer server(
      serve_with(property(0x27, test::big_endian(0) + test::big_endian(100))));
  connect(server.port());
  connections->prepare(0, std::string(100, 'x'));
  const auto sent = connections->publish(0);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().bucket, fleet::Bucket::payload);
  EXPECT_THAT(sent.error().detail, HasSubstr("at most 100"));
  publish(0, "small");
  EXPECT_NE(await(What::acknowledged), nullptr);
}

TEST_P(NativeMqtt5, ServersKeepAliveCounts) {
  ScriptedMqttServer server(serve_with(property(0x13, test::big_endian(1))));
  connect(server.port());
  EXPECT_TRUE(poll_until([&] { return server.packets(PacketType::pingreq).size() == 2; }));
  EXPECT_EQ(events.count(What::lost), 0U);
}

TEST_P(NativeMqtt5, RefusalSaysCodeAndReason) {
  ScriptedMqttServer server([](Session& session) {
    (void)session.receive();
    session.connack(0x87, property(0x1F, test::prefixed("no such\ndevice")));
    session.disconnect(0x87);
  });
  make(server.port());
  open_all();
  EXPECT_THAT(detail_of(What::refused), HasSubstr("0x87: not authorized (no such device)"));
  EXPECT_EQ(events.all.front().failure.bucket, fleet::Bucket::auth);
}

// MQTT 5 table 3.2.2.2, each with what a person looks for in it.
TEST_P(NativeMqtt5, EachRefusalHasItsCodeAndBucket) {
  const std::map<std::uint8_t, fleet::Bucket> codes{
      {0x80, fleet::Bucket::broker},         {0x81, fleet::Bucket::protocol},
      {0x82, fleet::Bucket::protocol},       {0x83, fleet::Bucket::broker},
      {0x84, fleet::Bucket::protocol},       {0x85, fleet::Bucket::client_id},
      {0x86, fleet::Bucket::auth},           {0x87, fleet::Bucket::auth},
      {0x88, fleet::Bucket::broker},         {0x89, fleet::Bucket::broker},
      {0x8A, fleet::Bucket::auth},           {0x8C, fleet::Bucket::auth},
      {0x90, fleet::Bucket::client_request}, {0x95, fleet::Bucket::payload},
      {0x97, fleet::Bucket::broker},         {0x99, fleet::Bucket::payload},
      {0x9A, fleet::Bucket::client_request}, {0x9B, fleet::Bucket::client_request},
      {0x9C, fleet::Bucket::broker},         {0x9D, fleet::Bucket::broker},
      {0x9F, fleet::Bucket::broker}};
  for (const auto& [code, bucket] : codes) {
    ScriptedMqttServer server(ScriptedMqttServer::refuse(code));
    begin_again();
    make(server.port());
    open_all();
    const std::string number = fmt::format("CONNACK 0x{:02X}: ", code);
    EXPECT_THAT(detail_of(What::refused), testing::StartsWith(number));
    EXPECT_EQ(to_string(events.all.front().failure.bucket), to_string(bucket)) << number;
    EXPECT_EQ(events.all.front().failure.code, code);
  }
}

TEST_P(NativeMqtt5, ReasonThatRepeatsTheTokenIsNotShown) {
  ScriptedMqttServer server([](Session& session) {
    (void)session.receive();
    session.connack(0x86, property(0x1F, test::prefixed("unknown: token-1")));
  });
  make(server.port());
  open_all();
  EXPECT_THAT(detail_of(What::refused), Not(HasSubstr("token-1")));
}

TEST_P(NativeMqtt5, RejectedMessageLeavesTheConnection) {
  ScriptedMqttServer server([](Session& session) {
    (void)session.receive();
    session.connack(0);
    session.puback(session.receive()->id(), 0x99);
    ScriptedMqttServer::serve(session);
  });
  connect(server.port());
  const MessageId id = publish(0, "no JSON");
  const auto* rejected = await(What::rejected);
  ASSERT_NE(rejected, nullptr);
  EXPECT_EQ(rejected->id, id);
  EXPECT_EQ(rejected->failure.bucket, fleet::Bucket::payload);
  publish(0, "{}");
  EXPECT_NE(await(What::acknowledged), nullptr);
}

TEST_P(NativeMqtt5, ServersGoodbyeSaysWhy) {
  struct Goodbye {
    std::uint8_t code;
    const char* words;
    fleet::Bucket bucket;
  };
  for (const Goodbye& goodbye :
       {Goodbye{0x87, "0x87: not authorized", fleet::Bucket::auth},
        Goodbye{0x8E, "0x8E: session taken over", fleet::Bucket::client_id},
        Goodbye{0x97, "0x97: quota exceeded", fleet::Bucket::broker},
        Goodbye{0x98, "0x98: administrative action", fleet::Bucket::broker}}) {
    ScriptedMqttServer server([&goodbye](Session& session) {
      (void)session.receive();
      session.connack(0);
      session.disconnect(goodbye.code);
    });
    begin_again();
    connect(server.port());
    EXPECT_THAT(detail_of(What::lost), HasSubstr(goodbye.words));
    EXPECT_EQ(events.all.back().failure.bucket, goodbye.bucket) << goodbye.words;
  }
}

TEST_P(NativeMqtt5, ServerThatKnowsOnly311IsUnderstood) {
  ScriptedMqttServer server([](Session& session) {
    (void)session.receive();
    session.send({"\x20\x02\x00\x01", 4});
  });
  make(server.port());
  open_all();
  EXPECT_THAT(detail_of(What::refused), HasSubstr("CONNACK 1: unacceptable protocol version"));
}

}  // namespace
}  // namespace stresskit::mqtt
