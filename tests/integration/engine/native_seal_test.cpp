// Messages that are encrypted before they are due: what TLS has encrypted must leave in that order.
#include "integration/engine/conformance.hpp"
#include "support/certificates.hpp"
#include "support/manual_clock.hpp"
#include "support/scripted_mqtt_server.hpp"

#include <chrono>
#include <future>

namespace stresskit::mqtt {
namespace {

using namespace std::chrono_literals;
using fleet::Bucket;
using test::Packet;
using test::PacketType;
using test::ScriptedMqttServer;
using testing::ElementsAre;
using Session = ScriptedMqttServer::Session;

/// The parameter is the newest version of TLS that the server speaks.
class NativeSeal : public EngineConformance {
 protected:
  NativeSeal() {
    settings.engine = "native";
    settings.version = "3.1.1";
    settings.tls = true;
    settings.host = "localhost";
    settings.ca_file = certificates.authority();
  }

  [[nodiscard]] ScriptedMqttServer::Options options(int receive_buffer = 0) const {
    return {.tls = certificates.good(),
            .only_tls_1_2 = GetParam() == "1_2",
            .receive_buffer = receive_buffer};
  }

  bool seal(std::string_view payload) {
    const bool taken = connections->prepare(0, payload);
    connections->seal(0);
    return taken;
  }

  [[nodiscard]] static std::vector<std::string> payloads(const ScriptedMqttServer& server) {
    std::vector<std::string> all;
    for (const Packet& packet : server.packets(PacketType::publish)) {
      all.push_back(packet.payload());
    }
    return all;
  }

  [[nodiscard]] static std::vector<PacketType> types(const ScriptedMqttServer& server) {
    std::vector<PacketType> all;
    for (const Packet& packet : server.packets()) {
      all.push_back(packet.type);
    }
    return all;
  }

  /// Connects with a clock that the test moves.
  void connect_with(test::ManualClock& clock, std::uint16_t port) {
    settings.port = port;
    devices = {{"sim-001", "token-1"}};
    connections = make_connections(settings, resolve(settings), devices, clock);
    open_all();
    for (int i = 0; i < 2'000 && events.all.empty(); ++i) {
      connections->poll(clock.now() + 10ms, events);
    }
    ASSERT_EQ(events.count(What::connected), 1U);
  }

  test::Certificates certificates;
};

INSTANTIATE_TEST_SUITE_P(, NativeSeal, testing::Values("1_2", "1_3"), engine_name);

void accept(Session& session) {
  (void)session.receive();
  session.connack(0);
}

TEST_P(NativeSeal, SealedMessageStaysTheNextOne) {
  ScriptedMqttServer server(ScriptedMqttServer::serve, options());
  connect(server.port());
  EXPECT_TRUE(connections->seals());
  EXPECT_TRUE(seal("first"));
  EXPECT_FALSE(seal("never sent")) << "the burst in between was missed";
  const auto first = connections->publish(0);
  ASSERT_TRUE(first);
  EXPECT_TRUE(seal("second"));
  const auto second = connections->publish(0);
  ASSERT_TRUE(second);
  EXPECT_EQ(*second, *first + 1);
  publish(0, "third, not sealed");
  ASSERT_TRUE(poll_until([&] { return events.count(What::acknowledged) == 3; }));
  EXPECT_THAT(payloads(server), ElementsAre("first", "second", "third, not sealed"));
}

TEST_P(NativeSeal, MessageOfManyRecordsArrivesWhole) {
  ScriptedMqttServer server(ScriptedMqttServer::serve, options());
  connect(server.port());
  std::string payload(65'000, 'x');
  for (std::size_t i = 0; i < payload.size(); i += 100) {
    payload[i] = static_cast<char>('a' + i / 100 % 26);
  }
  seal(payload);
  ASSERT_TRUE(connections->publish(0));
  ASSERT_NE(await(What::acknowledged), nullptr);
  EXPECT_THAT(payloads(server), ElementsAre(payload));
}

TEST_P(NativeSeal, AnswerToTheServerWaitsForTheSealedMessage) {
  std::promise<void> ask;
  ScriptedMqttServer server(
      [&ask](Session& session) {
        accept(session);
        const auto zero = session.receive();
        ask.get_future().wait();
        session.publish("v1/devices/me/attributes", "{}", 77);
        session.puback(zero->id());
        ScriptedMqttServer::serve(session);
      },
      options());
  connect(server.port());
  publish(0, "zero");
  seal("one");
  ask.set_value();
  ASSERT_NE(await(What::acknowledged), nullptr);  // so the message before it was taken, too
  ASSERT_TRUE(connections->publish(0));
  ASSERT_TRUE(server.wait_for(PacketType::puback, 1));
  EXPECT_THAT(types(server), ElementsAre(PacketType::connect, PacketType::publish,
                                         PacketType::publish, PacketType::puback));
  EXPECT_THAT(payloads(server), ElementsAre("zero", "one"));
  EXPECT_TRUE(poll_until([&] { return events.count(What::acknowledged) == 2; }));
}

/// TLS 1.2 has no key updates.
class NativeSealTls13 : public NativeSeal {};
INSTANTIATE_TEST_SUITE_P(, NativeSealTls13, testing::Values("1_3"), engine_name);

TEST_P(NativeSealTls13, NewKeysDoNotDisturbTheSealedMessage) {
  std::promise<void> renew;
  ScriptedMqttServer server(
      [&renew](Session& session) {
        accept(session);
        const auto zero = session.receive();
        renew.get_future().wait();
        session.renew_keys();
        session.puback(zero->id());
        ScriptedMqttServer::serve(session);
      },
      options());
  connect(server.port());
  publish(0, "zero");
  seal("with the old keys");
  renew.set_value();
  ASSERT_NE(await(What::acknowledged), nullptr);
  ASSERT_TRUE(connections->publish(0));
  publish(0, "with the new keys");
  ASSERT_TRUE(poll_until([&] { return events.count(What::acknowledged) == 3; }));
  EXPECT_THAT(payloads(server), ElementsAre("zero", "with the old keys", "with the new keys"));
}

TEST_P(NativeSeal, MessageThatIsAboutToGoServesAsPing) {
  ScriptedMqttServer server(ScriptedMqttServer::serve, options());
  test::ManualClock clock;
  connect_with(clock, server.port());
  seal("instead of a ping");
  clock.advance(settings.keep_alive + 1s);
  connections->poll(clock.now(), events);
  ASSERT_TRUE(connections->publish(0));
  for (int i = 0; i < 2'000 && events.count(What::acknowledged) == 0; ++i) {
    connections->poll(clock.now() + 10ms, events);
  }
  clock.advance(settings.keep_alive);
  connections->poll(clock.now(), events);
  ASSERT_TRUE(server.wait_for(PacketType::pingreq, 1));
  EXPECT_THAT(types(server),
              ElementsAre(PacketType::connect, PacketType::publish, PacketType::pingreq));
}

// A burst was missed and the next one is far: the end is ours, and we say so.
TEST_P(NativeSeal, ConnectionThatCannotPingIsEndedByUs) {
  ScriptedMqttServer server(ScriptedMqttServer::serve, options());
  test::ManualClock clock;
  connect_with(clock, server.port());
  seal("never published");
  for (int i = 0; i < 10 && events.count(What::lost) == 0; ++i) {
    clock.advance(settings.keep_alive / 4);
    connections->poll(clock.now(), events);
  }
  ASSERT_EQ(events.count(What::lost), 1U);
  EXPECT_EQ(events.all.back().failure.bucket, Bucket::client) << events.all.back().failure.detail;
  EXPECT_EQ(events.all.back().unfinished, std::nullopt);
}

TEST_P(NativeSeal, MessageIsSealedAnewForTheNextConnection) {
  std::promise<void> cut;
  std::promise<bool> resumed;
  ScriptedMqttServer server(
      [&](Session& session) {
        if (session.index() == 0) {
          accept(session);
          cut.get_future().wait();
          return;
        }
        resumed.set_value(session.resumed());
        ScriptedMqttServer::serve(session);
      },
      options());
  connect(server.port());
  seal("for whom?");
  cut.set_value();
  const auto* lost = await(What::lost);
  ASSERT_NE(lost, nullptr);
  EXPECT_EQ(lost->unfinished, std::nullopt) << "it was not published";
  connections->open(0);
  ASSERT_TRUE(poll_until([&] { return events.count(What::connected) == 2; }));
  EXPECT_TRUE(resumed.get_future().get());
  ASSERT_TRUE(connections->publish(0));
  ASSERT_NE(await(What::acknowledged), nullptr);
  EXPECT_THAT(payloads(server), ElementsAre("for whom?"));
}

// What is encrypted must be sent: the kernel's refusal makes it wait, and only the next ones are
// skipped.
TEST_P(NativeSeal, ServerThatStopsReadingGetsEverySealedMessageOnce) {
  std::promise<void> read_on;
  ScriptedMqttServer server(
      [&read_on](Session& session) {
        accept(session);
        read_on.get_future().wait();
        ScriptedMqttServer::serve(session);
      },
      options(4'096));
  connect(server.port());
  std::vector<std::string> sent;
  while (!connections->unfinished(0)) {
    const std::string payload = std::to_string(sent.size()) + std::string(20'000, 'x');
    ASSERT_TRUE(seal(payload));
    ASSERT_TRUE(connections->publish(0));
    sent.push_back(payload);
  }
  for (int burst = 0; burst < 3; ++burst) {
    seal("skipped");
    const auto skipped = connections->publish(0);
    ASSERT_FALSE(skipped);
    EXPECT_EQ(skipped.error().bucket, Bucket::client_backpressure);
  }
  read_on.set_value();
  ASSERT_TRUE(poll_until([&] { return events.count(What::acknowledged) == sent.size(); }));
  EXPECT_EQ(connections->unfinished(0), std::nullopt);
  seal("and on");
  ASSERT_TRUE(connections->publish(0));
  sent.emplace_back("and on");
  ASSERT_TRUE(poll_until([&] { return events.count(What::acknowledged) == sent.size(); }));
  EXPECT_EQ(payloads(server), sent);
}

TEST_P(NativeSeal, ConnectionThatDiesNamesTheMessageThatWaited) {
  std::promise<void> die;
  ScriptedMqttServer server(
      [&die](Session& session) {
        accept(session);
        die.get_future().wait();
        session.reset_at_end();
      },
      options(4'096));
  connect(server.port());
  MessageId last = 0;
  while (!connections->unfinished(0)) {
    seal(std::string(20'000, 'x'));
    last = connections->publish(0).value_or(0);
  }
  die.set_value();
  const auto* lost = await(What::lost);
  ASSERT_NE(lost, nullptr);
  EXPECT_EQ(lost->unfinished, last);
}

TEST_P(NativeSeal, MessageThatWasNotPublishedIsNeverSent) {
  ScriptedMqttServer server(ScriptedMqttServer::serve, options());
  connect(server.port());
  seal("a burst that did not take place");
  connections->shutdown(Mono::now() + 20s);
  ASSERT_TRUE(server.wait_for_ended(1));
  EXPECT_THAT(types(server), ElementsAre(PacketType::connect));
}

TEST_P(NativeSeal, NothingIsSealedThatTheServerDoesNotTake) {
  settings.version = "5";
  ScriptedMqttServer server(
      [](Session& session) {
        (void)session.receive();
        session.connack(0, std::string("\x21\x00\x01\x27\x00\x00\x00\x64", 8));
        ScriptedMqttServer::serve(session);
      },
      options());
  connect(server.port());
  seal(std::string(100, 'x'));  // at most 100 bytes, says the server
  const auto large = connections->publish(0);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().bucket, Bucket::payload);
  seal("small");
  ASSERT_TRUE(connections->publish(0));
  seal("one too many");  // one unacknowledged message, says the server
  EXPECT_FALSE(connections->publish(0));
  ASSERT_NE(await(What::acknowledged), nullptr);
  EXPECT_TRUE(seal("next"));
  ASSERT_TRUE(connections->publish(0));
  ASSERT_TRUE(poll_until([&] { return events.count(What::acknowledged) == 2; }));
  EXPECT_THAT(payloads(server), ElementsAre("small", "next"));
}

}  // namespace
}  // namespace stresskit::mqtt
