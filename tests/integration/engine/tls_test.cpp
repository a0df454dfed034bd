#include "integration/engine/conformance.hpp"
#include "support/certificates.hpp"
#include "support/scripted_mqtt_server.hpp"

#include "stresskit/support/error.hpp"

#include <chrono>
#include <cstdlib>
#include <future>
#include <map>

namespace stresskit::mqtt {
namespace {

using namespace std::chrono_literals;
using test::Certificates;
using test::PacketType;
using test::ScriptedMqttServer;
using Session = ScriptedMqttServer::Session;

class EngineTls : public EngineConformance {
 protected:
  EngineTls() {
    settings.tls = true;
    settings.host = "localhost";
    settings.ca_file = certificates.authority();
  }

  // Connects to a server that shows this certificate; "" when accepted, else the bucket.
  std::string outcome(const test::ServerCertificate& shown) {
    ScriptedMqttServer server(ScriptedMqttServer::serve, {.tls = shown});
    begin_again();
    make(server.port());
    connections->open(0);
    EXPECT_TRUE(poll_until([&] { return !events.all.empty(); }));
    const bool accepted = events.count(What::connected) == 1;
    EXPECT_EQ(server.packets(PacketType::connect).size(), accepted ? 1 : 0)
        << "the token was sent to somebody who could not say who he is";
    return accepted ? "" : std::string(to_string(events.all.front().failure.bucket));
  }

  Certificates certificates;
};

INSTANTIATE_TEST_SUITE_P(, EngineTls, testing::ValuesIn(engines()), engine_name);

TEST_P(EngineTls, AGoodCertificateIsAccepted) {
  EXPECT_EQ(outcome(certificates.good()), "");
}

TEST_P(EngineTls, ACertificateMayNameAnAddress) {
  settings.host = "127.0.0.1";
  EXPECT_EQ(outcome(certificates.good()), "");
}

TEST_P(EngineTls, AnUnknownAuthorityIsRefused) {
  settings.ca_file = certificates.stranger();
  EXPECT_EQ(outcome(certificates.good()), "tls");
  EXPECT_THAT(events.all.front().failure.detail, testing::HasSubstr("certificate"));
}

TEST_P(EngineTls, AnExpiredCertificateIsRefused) {
  EXPECT_EQ(outcome(certificates.expired()), "tls");
  EXPECT_THAT(events.all.front().failure.detail, testing::HasSubstr("expired"));
}

TEST_P(EngineTls, ACertificateForAnotherHostIsRefused) {
  EXPECT_EQ(outcome(certificates.wrong_name()), "tls");
  EXPECT_THAT(events.all.front().failure.detail, testing::HasSubstr("localhost"));
}

TEST_P(EngineTls, WithoutACaFileTheSystemsAuthoritiesDecide) {
  settings.ca_file.clear();
  EXPECT_EQ(outcome(certificates.good()), "tls") << "our test authority is none of them";
  ::setenv("SSL_CERT_FILE", certificates.authority().c_str(), 1);  // OpenSSL's own switch
  EXPECT_EQ(outcome(certificates.good()), "");
  ::unsetenv("SSL_CERT_FILE");
}

TEST_P(EngineTls, InsecureAcceptsWhatItIsShown) {
  settings.tls_insecure = true;
  settings.ca_file.clear();
  EXPECT_EQ(outcome(certificates.good()), "");
  EXPECT_EQ(outcome(certificates.expired()), "");
  EXPECT_EQ(outcome(certificates.wrong_name()), "");
}

TEST_P(EngineTls, TellsTheServerWhichHostItWants) {
  std::promise<std::string> name;
  ScriptedMqttServer server(
      [&name](Session& session) {
        name.set_value(session.server_name());
        ScriptedMqttServer::serve(session);
      },
      {.tls = certificates.good()});
  connect(server.port());
  EXPECT_EQ(name.get_future().get(), "localhost");
}

TEST_P(EngineTls, PublishesAndSaysGoodbye) {
  ScriptedMqttServer server(ScriptedMqttServer::serve, {.tls = certificates.good()});
  connect(server.port(), 5);
  const std::string payload(65'000, 'x');
  for (Slot slot = 0; slot < 5; ++slot) {
    publish(slot, payload);
  }
  ASSERT_TRUE(poll_until([&] { return events.count(What::acknowledged) == 5; }));
  EXPECT_EQ(server.packets(PacketType::publish).back().payload(), payload);
  connections->shutdown(Mono::now() + 20s);
  EXPECT_TRUE(server.wait_for(PacketType::disconnect, 5));
}

// The original kit swallowed the error and went on without TLS.
TEST_P(EngineTls, NeverFallsBackToPlainText) {
  ScriptedMqttServer server([](Session& session) {
    (void)session.receive();
    session.send("HTTP/1.1 400 Bad Request\r\n\r\n");
  });
  make(server.port());
  connections->open(0);
  const auto* refused = await(What::refused);
  ASSERT_NE(refused, nullptr);
  EXPECT_EQ(to_string(refused->failure.bucket), "tls") << refused->failure.detail;
  ASSERT_TRUE(server.wait_for_ended(1));
  const auto packets = server.packets();
  ASSERT_EQ(packets.size(), 1) << "one connection, one TLS hello";
  EXPECT_EQ(packets.front().flags, 6) << "0x16 begins a TLS handshake, 0x10 would be CONNECT";
}

TEST_P(EngineTls, AServerThatClosesDuringTheHandshake) {
  ScriptedMqttServer server([](Session& session) { (void)session.receive(); });
  make(server.port());
  connections->open(0);
  const auto* refused = await(What::refused);
  ASSERT_NE(refused, nullptr);
  EXPECT_THAT(to_string(refused->failure.bucket), testing::AnyOf("tls", "network"));
}

TEST_P(EngineTls, AServerThatClosesAfterTheHandshake) {
  const std::map<std::string, ScriptedMqttServer::Script> stages{
      {"at once", [](Session&) {}},
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
    ScriptedMqttServer server(script, {.tls = certificates.good()});
    begin_again();
    make(server.port());
    connections->open(0);
    const auto* refused = await(What::refused);
    ASSERT_NE(refused, nullptr) << stage;
    EXPECT_THAT(to_string(refused->failure.bucket), testing::AnyOf("network", "tls")) << stage;
  }
}

TEST_P(EngineTls, AServerThatSendsRubbish) {
  ScriptedMqttServer server(
      [](Session& session) {
        (void)session.receive();
        session.send(std::string(64, '\xFF'));
        session.hold();
      },
      {.tls = certificates.good()});
  settings.connect_timeout = 2s;  // an engine may wait for the rest of a packet
  make(server.port());
  connections->open(0);
  const auto* refused = await(What::refused);
  ASSERT_NE(refused, nullptr);
  EXPECT_THAT(to_string(refused->failure.bucket),
              testing::AnyOf("protocol", "network", "network-timeout"));
}

TEST_P(EngineTls, AServerThatNeverAnswersTheHandshakeIsATimeOut) {
  ScriptedMqttServer server([](Session& session) { session.hold(); });
  settings.connect_timeout = 1s;
  make(server.port());
  connections->open(0);
  const auto* refused = await(What::refused);
  ASSERT_NE(refused, nullptr);
  EXPECT_EQ(to_string(refused->failure.bucket), "network-timeout") << refused->failure.detail;
}

TEST_P(EngineTls, NobodyListens) {
  std::uint16_t port = 0;
  {
    const ScriptedMqttServer gone(ScriptedMqttServer::serve);
    port = gone.port();
  }
  make(port);
  connections->open(0);
  const auto* refused = await(What::refused);
  ASSERT_NE(refused, nullptr);
  EXPECT_EQ(to_string(refused->failure.bucket), "network") << refused->failure.detail;
}

TEST_P(EngineTls, ALostConnectionIsReported) {
  ScriptedMqttServer server(
      [](Session& session) {
        (void)session.receive();
        session.connack(0);
        (void)session.receive();
      },
      {.tls = certificates.good()});
  connect(server.port());
  publish(0, "{}");
  EXPECT_NE(await(What::lost), nullptr);
}

}  // namespace
}  // namespace stresskit::mqtt
