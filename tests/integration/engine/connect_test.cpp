#include "integration/engine/conformance.hpp"
#include "support/scripted_mqtt_server.hpp"

#include <chrono>
#include <map>

namespace stresskit::mqtt {
namespace {

using namespace std::chrono_literals;
using fleet::Bucket;
using fleet::Stage;
using test::ConnectFields;
using test::PacketType;
using test::read_connect;
using test::ScriptedMqttServer;
using testing::AnyOf;
using testing::HasSubstr;
using testing::MatchesRegex;
using Session = ScriptedMqttServer::Session;

class EngineConnect : public EngineConformance {
 protected:
  // The attempt must end in `refused`; returns why.
  fleet::Failure refusal() {
    const auto* event = await(What::refused);
    EXPECT_NE(event, nullptr) << "the attempt did not end";
    EXPECT_EQ(events.count(What::connected), 0);
    return event != nullptr ? event->failure : fleet::Failure{};
  }
};

INSTANTIATE_TEST_SUITE_P(, EngineConnect, testing::ValuesIn(engines()), engine_name);

TEST_P(EngineConnect, SaysWhoItIsAsTheOriginalDid) {
  ScriptedMqttServer server(ScriptedMqttServer::serve);
  settings.keep_alive = 75s;
  connect(server.port());
  const auto connects = server.packets(PacketType::connect);
  ASSERT_EQ(connects.size(), 1);
  const ConnectFields fields = read_connect(connects.front());
  EXPECT_EQ(fields.protocol, "MQTT");
  EXPECT_EQ(fields.level, settings.version == "5" ? 5 : 4);
  EXPECT_EQ(fields.user_name, "token-1");
  EXPECT_EQ(fields.password, std::nullopt);
  EXPECT_EQ(fields.flags, 0x82) << "user name and clean session, nothing else";
  EXPECT_EQ(fields.keep_alive, 75);
  EXPECT_THAT(fields.client_id,
              MatchesRegex("sim-sim-001-[a-z0-9][a-z0-9][a-z0-9][a-z0-9][a-z0-9][a-z0-9]"));
}

TEST_P(EngineConnect, ReportsHowLongItTookAndTheServersWindow) {
  ScriptedMqttServer server(ScriptedMqttServer::serve);
  connect(server.port());
  const Accepted& accepted = events.first(What::connected)->accepted;
  EXPECT_GT(accepted.times.total, 0s);
  EXPECT_EQ(accepted.receive_maximum, 65'535) << "MQTT 3.1.1 knows no other";
}

TEST_P(EngineConnect, EachRefusalHasItsBucket) {
  const std::map<std::uint8_t, Bucket> codes{
      {1, Bucket::protocol}, {2, Bucket::client_id}, {3, Bucket::broker},   {4, Bucket::auth},
      {5, Bucket::auth},     {6, Bucket::protocol},  {99, Bucket::protocol}};
  for (const auto& [code, bucket] : codes) {
    ScriptedMqttServer server(ScriptedMqttServer::refuse(code));
    begin_again();
    make(server.port());
    connections->open(0);
    const fleet::Failure failure = refusal();
    EXPECT_EQ(failure.stage, Stage::connect);
    EXPECT_EQ(to_string(failure.bucket), to_string(bucket)) << "code " << int{code};
    EXPECT_THAT(failure.detail, HasSubstr("CONNACK " + std::to_string(code)));
    EXPECT_THAT(failure.detail, testing::Not(HasSubstr("token-1")));
    EXPECT_EQ(server.packets(PacketType::connect).size(), 1) << "no second try by itself";
  }
}

TEST_P(EngineConnect, NobodyListens) {
  std::uint16_t port = 0;
  {
    const ScriptedMqttServer gone(ScriptedMqttServer::serve);
    port = gone.port();
  }
  make(port);
  connections->open(0);
  const fleet::Failure failure = refusal();
  EXPECT_EQ(failure.stage, Stage::connect);
  EXPECT_EQ(to_string(failure.bucket), "network") << failure.detail;
}

TEST_P(EngineConnect, AServerThatAcceptsAndNeverAnswersIsATimeOut) {
  ScriptedMqttServer server([](Session& session) { session.hold(); });
  settings.connect_timeout = 1s;
  make(server.port());
  connections->open(0);
  const fleet::Failure failure = refusal();
  EXPECT_EQ(failure.stage, Stage::connect);
  EXPECT_EQ(to_string(failure.bucket), "network-timeout") << failure.detail;
}

TEST_P(EngineConnect, AServerThatClosesBeforeItAnswers) {
  using Script = ScriptedMqttServer::Script;
  const std::map<std::string, Script> stages{
      {"at once", [](Session&) {}},
      {"at once, with a reset", [](Session& session) { session.reset_at_end(); }},
      {"after CONNECT", [](Session& session) { (void)session.receive(); }},
      {"after CONNECT, with a reset",
       [](Session& session) {
         (void)session.receive();
         session.reset_at_end();
       }},
      {"within CONNACK",
       [](Session& session) {
         (void)session.receive();
         session.send("\x20");
       }},
  };
  for (const auto& [stage, script] : stages) {
    ScriptedMqttServer server(script);
    begin_again();
    make(server.port());
    connections->open(0);
    EXPECT_EQ(to_string(refusal().bucket), "network") << stage;
  }
}

TEST_P(EngineConnect, AServerThatSendsRubbish) {
  const std::map<std::string, std::string> rubbish{
      {"HTTP",
       "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"
       "400 Bad Request and some more words to fill the line\r\n"},
      {"all ones", std::string(64, '\xFF')},
      {"all zeros", std::string(64, '\0')},
      {"SUBACK before CONNACK", std::string("\x90\x03\x00\x01\x00", 5)},
  };
  settings.connect_timeout = 2s;  // an engine may wait for the rest of a packet that never comes
  for (const auto& [what, bytes] : rubbish) {
    ScriptedMqttServer server([&bytes = bytes](Session& session) {
      (void)session.receive();
      session.send(bytes);
      session.hold();
    });
    begin_again();
    make(server.port());
    connections->open(0);
    EXPECT_THAT(to_string(refusal().bucket), AnyOf("protocol", "network", "network-timeout"))
        << what;
  }
}

TEST_P(EngineConnect, ARefusedDeviceMayTryAgain) {
  ScriptedMqttServer server([](Session& session) {
    return session.index() == 0 ? ScriptedMqttServer::refuse(3)(session)
                                : ScriptedMqttServer::serve(session);
  });
  make(server.port());
  connections->open(0);
  ASSERT_NE(await(What::refused), nullptr);
  connections->open(0);
  EXPECT_NE(await(What::connected), nullptr);
}

TEST_P(EngineConnect, OneRefusalDoesNotDisturbTheOthers) {
  ScriptedMqttServer server([](Session& session) {
    const auto packet = session.receive();
    if (packet && read_connect(*packet).user_name == "token-3") {
      session.connack(5);
      return;
    }
    session.connack(0);
    ScriptedMqttServer::serve(session);
  });
  make(server.port(), 5);
  open_all();
  ASSERT_TRUE(poll_until([&] { return events.all.size() == 5; }));
  EXPECT_EQ(events.count(What::connected), 4);
  EXPECT_EQ(events.first(What::refused)->slot, 2);
}

TEST_P(EngineConnect, CloseDuringAnAttemptEndsItSilently) {
  ScriptedMqttServer server([](Session& session) {
    return session.index() == 0 ? (void)session.receive(),
           session.hold()       : ScriptedMqttServer::serve(session);
  });
  settings.connect_timeout = 3s;
  make(server.port());
  connections->open(0);
  ASSERT_TRUE(poll_until([&] { return server.packets(PacketType::connect).size() == 1; }));
  connections->close(0);
  connections->open(0);
  ASSERT_NE(await(What::connected), nullptr);
  // Past the time-out of the first attempt: it must not end the second one.
  const auto later = Mono::now() + 3500ms;
  ASSERT_TRUE(poll_until([&] { return Mono::now() > later; }));
  EXPECT_EQ(events.all.size(), 1);
}

TEST_P(EngineConnect, CloseOfAClosedSlotIsNothing) {
  ScriptedMqttServer server(ScriptedMqttServer::serve);
  make(server.port());
  connections->close(0);
  connections->open(0);
  EXPECT_NE(await(What::connected), nullptr);
}

TEST_P(EngineConnect, CloseSaysGoodbyeWithoutAnEvent) {
  ScriptedMqttServer server(ScriptedMqttServer::serve);
  connect(server.port(), 2);
  connections->close(1);
  EXPECT_TRUE(server.wait_for(PacketType::disconnect, 1));
  publish(0, "{}");  // the other goes on
  ASSERT_NE(await(What::acknowledged), nullptr);
  EXPECT_EQ(events.count(What::lost), 0);
}

TEST_P(EngineConnect, ShutdownSaysGoodbyeForEverybody) {
  ScriptedMqttServer server(ScriptedMqttServer::serve);
  connect(server.port(), 20);
  connections->shutdown(Mono::now() + 20s);
  EXPECT_TRUE(server.wait_for(PacketType::disconnect, 20));
  EXPECT_TRUE(server.wait_for_ended(20));
  EXPECT_EQ(events.count(What::lost), 0);
}

TEST_P(EngineConnect, ShutdownEndsAttemptsToo) {
  ScriptedMqttServer server([](Session& session) {
    (void)session.receive();
    (void)session.receive();  // until the client goes away
  });
  make(server.port(), 3);
  open_all();
  ASSERT_TRUE(poll_until([&] { return server.packets(PacketType::connect).size() == 3; }));
  connections->shutdown(Mono::now() + 20s);
  EXPECT_TRUE(server.wait_for_ended(3));
  EXPECT_TRUE(events.all.empty());
}

TEST_P(EngineConnect, DestructionInTheMiddleOfEverythingIsSafe) {
  ScriptedMqttServer server(ScriptedMqttServer::serve);
  connect(server.port(), 10);
  for (Slot slot = 0; slot < 10; ++slot) {
    publish(slot, "{}");
    if (slot % 2 == 0) {
      connections->close(slot);
      connections->open(slot);
    }
  }
  connections.reset();
  EXPECT_TRUE(server.wait_for_ended(10));  // the second ones may not have come that far
}

// The owner may answer an event with a new attempt, from inside `poll`.
TEST_P(EngineConnect, OpenIsAllowedInsideAnEvent) {
  ScriptedMqttServer server([](Session& session) {
    return session.index() < 3 ? ScriptedMqttServer::refuse(3)(session)
                               : ScriptedMqttServer::serve(session);
  });
  make(server.port());

  struct Reopening : test::RecordedEvents {
    explicit Reopening(Connections& to_open) : connections(to_open) {}
    void refused(Slot slot, const fleet::Failure& failure, Mono::time_point at) override {
      RecordedEvents::refused(slot, failure, at);
      connections.open(slot);
    }
    Connections& connections;
  } reopening(*connections);

  connections->open(0);
  EXPECT_TRUE(test::poll_until(*connections, reopening,
                               [&] { return reopening.count(What::connected) == 1; }));
  EXPECT_EQ(reopening.count(What::refused), 3);
}

TEST_P(EngineConnect, PingsWhenThereIsNothingToSay) {
  ScriptedMqttServer server(ScriptedMqttServer::serve);
  settings.keep_alive = 1s;
  connect(server.port());
  EXPECT_TRUE(poll_until([&] { return !server.packets(PacketType::pingreq).empty(); }));
  EXPECT_EQ(events.count(What::lost), 0);
}

}  // namespace
}  // namespace stresskit::mqtt
