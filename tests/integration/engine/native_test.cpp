// What only the engine `native` can do or see.
#include "integration/engine/conformance.hpp"
#include "support/certificates.hpp"
#include "support/manual_clock.hpp"
#include "support/mosquitto_broker.hpp"
#include "support/scripted_mqtt_server.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <future>
#include <iterator>

namespace stresskit::mqtt {
namespace {

using namespace std::chrono_literals;
using test::Certificates;
using test::PacketType;
using test::ScriptedMqttServer;
using testing::HasSubstr;
using Session = ScriptedMqttServer::Session;

class NativeEngine : public EngineConformance {
 protected:
  /// Publishes until a message is left that the kernel took only in part.
  MessageId fill_the_socket() {
    const std::string payload(50'000, 'x');
    while (!connections->unfinished(0)) {
      publish(0, payload);
    }
    return *connections->unfinished(0);
  }
};

INSTANTIATE_TEST_SUITE_P(, NativeEngine, testing::Values("native"), engine_name);

TEST_P(NativeEngine, PingWithoutAnAnswerEndsTheConnection) {
  ScriptedMqttServer server([](Session& session) {
    (void)session.receive();
    session.connack(0);
    session.hold();
  });
  settings.keep_alive = 1s;
  connect(server.port());
  EXPECT_THAT(detail_of(What::lost), HasSubstr("no PINGRESP within 1 s"));
  EXPECT_EQ(events.all.back().failure.bucket, fleet::Bucket::network_timeout);
}

// A burst may come before anybody has looked at the socket.
TEST_P(NativeEngine, AMessageForAResetConnectionFailsAndTheConnectionIsLostOnce) {
  ScriptedMqttServer server([](Session& session) {
    (void)session.receive();
    session.connack(0);
    (void)session.receive();
    session.reset_at_end();
  });
  connect(server.port());
  publish(0, "{}");
  ASSERT_TRUE(server.wait_for_ended(1));
  connections->prepare(0, "{}");
  const auto refused = connections->publish(0);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().stage, fleet::Stage::publish);
  EXPECT_EQ(refused.error().bucket, fleet::Bucket::network);
  ASSERT_NE(await(What::lost), nullptr);
  EXPECT_EQ(events.count(What::lost), 1U);
}

// The owner may be late; the server must not pay for it.
TEST_P(NativeEngine, AnswerThatCameWhileNobodyPolledIsInTime) {
  std::promise<void> pinged;
  ScriptedMqttServer server([&pinged](Session& session) {
    (void)session.receive();
    session.connack(0);
    (void)session.receive();
    session.send({"\xD0\x00", 2});
    pinged.set_value();
    session.hold();
  });
  test::ManualClock clock;
  settings.port = server.port();
  devices = {{"sim-001", "token-1"}};
  connections = make_connections(settings, resolve(settings), devices, clock);
  open_all();
  for (int i = 0; i < 2'000 && events.all.empty(); ++i) {
    connections->poll(clock.now() + 10ms, events);
  }
  ASSERT_EQ(events.count(What::connected), 1U);
  clock.advance(settings.keep_alive);
  connections->poll(clock.now(), events);  // sends PINGREQ
  ASSERT_EQ(pinged.get_future().wait_for(20s), std::future_status::ready);
  clock.advance(settings.keep_alive * 2);
  connections->poll(clock.now(), events);
  EXPECT_EQ(events.count(What::lost), 0U);
}

TEST_P(NativeEngine, PacketsMayComeByteByByte) {
  ScriptedMqttServer server([](Session& session) {
    const auto drip = [&session](std::string_view bytes) {
      for (const char& byte : bytes) {
        session.send({&byte, 1});
      }
    };
    (void)session.receive();
    drip({"\x20\x02\x00\x00", 4});
    for (auto packet = session.receive(); packet; packet = session.receive()) {
      drip("\x40\x02" + test::big_endian(packet->id()));
    }
  });
  connect(server.port());
  for (int i = 0; i < 20; ++i) {
    publish(0, "{}");
  }
  EXPECT_TRUE(poll_until([&] { return events.count(What::acknowledged) == 20; }));
  EXPECT_EQ(events.count(What::lost), 0U);
}

TEST_P(NativeEngine, MessageSentInPartIsFinishedWhenTheServerReadsOn) {
  std::promise<void> read_on;
  ScriptedMqttServer server(
      [&read_on](Session& session) {
        (void)session.receive();
        session.connack(0);
        read_on.get_future().wait();
        ScriptedMqttServer::serve(session);
      },
      {.receive_buffer = 4'096});
  connect(server.port());
  const MessageId last = fill_the_socket();
  connections->prepare(0, "one more");
  EXPECT_FALSE(connections->publish(0)) << "nothing goes into the middle of another message";
  read_on.set_value();
  ASSERT_TRUE(poll_until([&] { return events.count(What::acknowledged) == last; }));
  EXPECT_EQ(events.all.back().id, last);
  EXPECT_EQ(connections->unfinished(0), std::nullopt);
  EXPECT_EQ(publish(0, "and on"), last + 1);
  EXPECT_TRUE(poll_until([&] { return events.count(What::acknowledged) == last + 1; }));
}

TEST_P(NativeEngine, MessageSentInPartIsNamedWhenItsConnectionDies) {
  std::promise<void> die;
  ScriptedMqttServer server(
      [&die](Session& session) {
        (void)session.receive();
        session.connack(0);
        die.get_future().wait();
        session.reset_at_end();
      },
      {.receive_buffer = 4'096});
  connect(server.port());
  const MessageId last = fill_the_socket();
  die.set_value();
  const auto* lost = await(What::lost);
  ASSERT_NE(lost, nullptr);
  EXPECT_EQ(lost->unfinished, last);
}

// The server sends and does not read: neither side may wait for the other, nor our memory grow.
TEST_P(NativeEngine, EveryMessageOfAFloodIsAcknowledgedOnceTheServerReads) {
  constexpr std::size_t count = 60'000;
  ScriptedMqttServer server(
      [](Session& session) {
        (void)session.receive();
        session.connack(0);
        for (std::size_t i = 1; i <= count; ++i) {
          session.publish("t", "{}", static_cast<std::uint16_t>(i));
        }
        ScriptedMqttServer::serve(session);
      },
      {.receive_buffer = 4'096});
  connect(server.port());
  ASSERT_TRUE(poll_until([&] { return server.packets(PacketType::puback).size() == count; }));
  EXPECT_EQ(server.packets(PacketType::puback).back().id(), count);
  EXPECT_EQ(events.count(What::lost), 0U);
}

TEST_P(NativeEngine, TakesOneDescriptorADevice) {
  const auto open_files = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
  };
  test::MosquittoBroker broker;
  make(broker.port(), 50);
  const auto before = open_files();
  open_all();
  ASSERT_TRUE(poll_until([&] { return events.count(What::connected) == 50; }));
  EXPECT_EQ(open_files() - before, 50);
}

TEST_P(NativeEngine, TlsSessionIsResumedByTheSameDeviceOnly) {
  Certificates certificates;
  std::promise<void> cut;
  std::atomic<int> full = 0;
  std::atomic<int> resumed = 0;
  ScriptedMqttServer server(
      [&](Session& session) {
        (session.resumed() ? resumed : full)++;
        if (session.index() == 0) {
          (void)session.receive();
          session.connack(0);
          cut.get_future().wait();
          return;
        }
        ScriptedMqttServer::serve(session);
      },
      {.tls = certificates.good()});
  settings.tls = true;
  settings.host = "localhost";
  settings.ca_file = certificates.authority();
  make(server.port(), 2);
  connections->open(0);
  ASSERT_NE(await(What::connected), nullptr);
  cut.set_value();
  ASSERT_NE(await(What::lost), nullptr);
  connections->open(0);
  connections->open(1);
  ASSERT_TRUE(poll_until([&] { return events.count(What::connected) == 3; }));
  EXPECT_EQ(full, 2);
  EXPECT_EQ(resumed, 1);
}

TEST_P(NativeEngine, EachStageOfConnectingIsTimed) {
  Certificates certificates;
  ScriptedMqttServer server(ScriptedMqttServer::serve, {.tls = certificates.good()});
  settings.tls = true;
  settings.host = "localhost";
  settings.ca_file = certificates.authority();
  connect(server.port());
  const ConnectTimes times = events.first(What::connected)->accepted.times;
  EXPECT_GT(times.tcp, 0ns);
  EXPECT_GT(times.tls, 0ns);
  EXPECT_GT(times.connack, 0ns);
  EXPECT_EQ(times.tcp + times.tls + times.connack, times.total);
}

}  // namespace
}  // namespace stresskit::mqtt
