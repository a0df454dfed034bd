// Every engine against an unmodified broker.
#include "integration/engine/conformance.hpp"
#include "support/certificates.hpp"
#include "support/mosquitto_broker.hpp"

#include <chrono>

namespace stresskit::mqtt {
namespace {

using namespace std::chrono_literals;
using test::Certificates;
using test::MosquittoBroker;

class EngineMosquitto : public EngineConformance {
 protected:
  void publish_all() {
    for (Slot slot = 0; slot < devices.size(); ++slot) {
      publish(slot, R"({"temperature":20.5})");
    }
  }
};

INSTANTIATE_TEST_SUITE_P(, EngineMosquitto, testing::ValuesIn(engines()), engine_name);

TEST_P(EngineMosquitto, EveryMessageOfManyDevicesIsAcknowledged) {
  const MosquittoBroker broker;
  connect(broker.port(), 200);
  for (std::size_t burst = 1; burst <= 5; ++burst) {
    publish_all();
    ASSERT_TRUE(poll_until([&] { return events.count(What::acknowledged) == burst * 200; }));
  }
  connections->shutdown(Mono::now() + 20s);
  EXPECT_EQ(events.count(What::lost), 0);
}

TEST_P(EngineMosquitto, OverTlsToo) {
  const Certificates certificates;
  const MosquittoBroker broker({.tls = certificates.good()});
  settings.tls = true;
  settings.host = "localhost";
  settings.ca_file = certificates.authority();
  connect(broker.port(), 20);
  publish_all();
  EXPECT_TRUE(poll_until([&] { return events.count(What::acknowledged) == 20; }));
}

TEST_P(EngineMosquitto, ATokenItDoesNotKnowIsRefused) {
  const MosquittoBroker broker({.passwords_only = true});
  make(broker.port(), 3);
  open_all();
  ASSERT_TRUE(poll_until([&] { return events.count(What::refused) == 3; }));
  EXPECT_EQ(to_string(events.all.front().failure.bucket), "auth");
}

// MQTT 3.1.1 cannot say no to a message: one reason why "acknowledged" is not "stored".
TEST_P(EngineMosquitto, AForbiddenMessageIsRejectedOnlyInMqtt5) {
  const MosquittoBroker broker({.read_only = true});
  connect(broker.port());
  publish_all();
  const bool mqtt5 = settings.version == "5";
  EXPECT_NE(await(mqtt5 ? What::rejected : What::acknowledged), nullptr);
  EXPECT_EQ(events.count(mqtt5 ? What::acknowledged : What::rejected), 0);
}

TEST_P(EngineMosquitto, ABrokerThatDiesAndComesBack) {
  MosquittoBroker broker;
  connect(broker.port(), 20);
  broker.kill();
  ASSERT_TRUE(poll_until([&] { return events.count(What::lost) == 20; }));

  events = {};
  open_all();
  ASSERT_TRUE(poll_until([&] { return events.count(What::refused) == 20; }));

  broker.restart();
  events = {};
  open_all();
  ASSERT_TRUE(poll_until([&] { return events.count(What::connected) == 20; }));
  publish_all();
  EXPECT_TRUE(poll_until([&] { return events.count(What::acknowledged) == 20; }));
}

TEST_P(EngineMosquitto, ABrokerThatStandsStillAnswersLate) {
  MosquittoBroker broker;
  connect(broker.port(), 20);
  broker.freeze();
  publish_all();
  const auto later = Mono::now() + 300ms;
  ASSERT_TRUE(poll_until([&] { return Mono::now() > later; }));
  EXPECT_EQ(events.count(What::acknowledged), 0);
  EXPECT_EQ(events.count(What::lost), 0);
  broker.thaw();
  EXPECT_TRUE(poll_until([&] { return events.count(What::acknowledged) == 20; }));
}

}  // namespace
}  // namespace stresskit::mqtt
