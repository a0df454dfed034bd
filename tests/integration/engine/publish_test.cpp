#include "integration/engine/conformance.hpp"
#include "support/scripted_mqtt_server.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <map>

namespace stresskit::mqtt {
namespace {

using namespace std::chrono_literals;
using fleet::Stage;
using test::Packet;
using test::PacketType;
using test::ScriptedMqttServer;
using testing::AnyOf;
using testing::ElementsAre;
using Session = ScriptedMqttServer::Session;

class EnginePublish : public EngineConformance {
 protected:
  [[nodiscard]] std::vector<MessageId> acknowledged() const {
    std::vector<MessageId> ids;
    for (const auto& event : events.all) {
      if (event.what == What::acknowledged) {
        ids.push_back(event.id);
      }
    }
    return ids;
  }
};

INSTANTIATE_TEST_SUITE_P(, EnginePublish, testing::ValuesIn(engines()), engine_name);

void accept(Session& session) {
  (void)session.receive();
  session.connack(0);
}

TEST_P(EnginePublish, AMessageArrivesAsItIsAndIsAcknowledged) {
  ScriptedMqttServer server(ScriptedMqttServer::serve);
  connect(server.port());
  const MessageId id = publish(0, R"({"temperature":21.5,"device":"sim-001"})");
  ASSERT_NE(await(What::acknowledged), nullptr);
  EXPECT_THAT(acknowledged(), ElementsAre(id));
  const Packet packet = server.packets(PacketType::publish).front();
  EXPECT_EQ(packet.topic(), "v1/devices/me/telemetry");
  EXPECT_EQ(packet.payload(), R"({"temperature":21.5,"device":"sim-001"})");
  EXPECT_EQ(packet.flags, 2) << "QoS 1, not repeated, not retained";
}

TEST_P(EnginePublish, AtQos0NothingIsAcknowledged) {
  ScriptedMqttServer server(ScriptedMqttServer::serve);
  settings.qos = 0;
  connect(server.port());
  for (std::size_t sent = 1; sent <= 3; ++sent) {
    publish(0, "{}");
    ASSERT_TRUE(poll_until([&] { return server.packets(PacketType::publish).size() == sent; }));
  }
  EXPECT_EQ(server.packets(PacketType::publish).front().flags, 0);
  EXPECT_THAT(acknowledged(), ElementsAre());
}

TEST_P(EnginePublish, SendsWhatWasPreparedLast) {
  ScriptedMqttServer server(ScriptedMqttServer::serve);
  connect(server.port());
  connections->prepare(0, "{\"first and quite a bit longer\":1}");
  publish(0, "{\"second\":2}");
  ASSERT_NE(await(What::acknowledged), nullptr);
  ASSERT_EQ(server.packets(PacketType::publish).size(), 1);
  EXPECT_EQ(server.packets(PacketType::publish).front().payload(), "{\"second\":2}");
}

TEST_P(EnginePublish, AcknowledgementsComeInAnyOrder) {
  ScriptedMqttServer server([](Session& session) {
    accept(session);
    std::vector<std::uint16_t> ids;
    while (ids.size() < 5) {
      const auto packet = session.receive();
      if (!packet) {
        return;
      }
      ids.push_back(packet->id());
    }
    for (const int position : {3, 1, 4, 0, 2}) {
      session.puback(ids[static_cast<std::size_t>(position)]);
    }
    session.hold();
  });
  connect(server.port());
  std::vector<MessageId> sent;
  for (int i = 0; i < 5; ++i) {
    sent.push_back(publish(0, "{}"));
  }
  ASSERT_TRUE(poll_until([&] { return events.count(What::acknowledged) == 5; }));
  EXPECT_THAT(acknowledged(), ElementsAre(sent[3], sent[1], sent[4], sent[0], sent[2]));
}

TEST_P(EnginePublish, AnAcknowledgementOfNothingIsNoEvent) {
  ScriptedMqttServer server([](Session& session) {
    accept(session);
    const auto packet = session.receive();
    session.puback(static_cast<std::uint16_t>(packet->id() + 7));
    session.puback(packet->id());
    session.puback(packet->id());  // twice
    ScriptedMqttServer::serve(session);
  });
  connect(server.port());
  const MessageId first = publish(0, "{}");
  ASSERT_NE(await(What::acknowledged), nullptr);
  const MessageId second = publish(0, "{}");
  ASSERT_TRUE(poll_until([&] { return events.count(What::acknowledged) >= 2; }));
  EXPECT_THAT(acknowledged(), ElementsAre(first, second));
}

// A library that resends after a reconnect would count one message twice.
TEST_P(EnginePublish, AMessageLostWithItsConnectionStaysLost) {
  ScriptedMqttServer server([](Session& session) {
    if (session.index() > 0) {
      ScriptedMqttServer::serve(session);
      return;
    }
    accept(session);
    (void)session.receive();
    (void)session.receive();
  });
  connect(server.port());
  publish(0, "{\"lost\":1}");
  publish(0, "{\"lost\":2}");
  const auto* lost = await(What::lost);
  ASSERT_NE(lost, nullptr);
  EXPECT_EQ(to_string(lost->failure.bucket), "network");
  EXPECT_EQ(lost->unfinished, std::nullopt);

  events = {};
  connections->open(0);
  ASSERT_NE(await(What::connected), nullptr);
  const MessageId id = publish(0, "{\"after\":3}");
  ASSERT_NE(await(What::acknowledged), nullptr);
  EXPECT_THAT(acknowledged(), ElementsAre(id));
  const auto packets = server.packets(PacketType::publish);
  ASSERT_EQ(packets.size(), 3);
  EXPECT_EQ(packets.back().payload(), "{\"after\":3}");
  EXPECT_TRUE(std::ranges::none_of(packets, &Packet::is_repeated));
}

TEST_P(EnginePublish, IdsOfAnEarlierConnectionAreNotAcknowledgedByALaterOne) {
  ScriptedMqttServer server([](Session& session) {
    accept(session);
    const auto packet = session.receive();
    if (session.index() == 0 || !packet) {
      return;
    }
    session.puback(packet->id());
    session.hold();
  });
  connect(server.port());
  const MessageId lost = publish(0, "{}");
  ASSERT_NE(await(What::lost), nullptr);
  connections->open(0);
  ASSERT_TRUE(poll_until([&] { return events.count(What::connected) == 2; }));
  const MessageId second = publish(0, "{}");
  ASSERT_NE(await(What::acknowledged), nullptr);
  EXPECT_NE(lost, second);
  EXPECT_THAT(acknowledged(), ElementsAre(second));
}

TEST_P(EnginePublish, AConnectionThatIsClosedOrResetIsLost) {
  for (const bool reset : {false, true}) {
    ScriptedMqttServer server([reset](Session& session) {
      accept(session);
      (void)session.receive();
      if (reset) {
        session.reset_at_end();
      }
    });
    begin_again();
    connect(server.port());
    publish(0, "{}");
    const auto* lost = await(What::lost);
    ASSERT_NE(lost, nullptr);
    EXPECT_EQ(to_string(lost->failure.bucket), "network") << lost->failure.detail;
    EXPECT_EQ(events.count(What::acknowledged), 0);
  }
}

TEST_P(EnginePublish, AConnectionThatEndsWithinAPacketIsLost) {
  const std::map<std::string, std::string> parts{
      {"PUBACK", std::string("\x40\x02\x00", 3)},
      {"PUBLISH", std::string("\x32\x20\x00\x05topic", 9)},
      {"PINGRESP", "\xD0"},
  };
  for (const auto& [packet, bytes] : parts) {
    ScriptedMqttServer server([&bytes = bytes](Session& session) {
      accept(session);
      (void)session.receive();
      session.send(bytes);
    });
    begin_again();
    connect(server.port());
    publish(0, "{}");
    const auto* lost = await(What::lost);
    ASSERT_NE(lost, nullptr) << packet;
    EXPECT_EQ(to_string(lost->failure.bucket), "network") << packet;
    EXPECT_EQ(events.count(What::acknowledged), 0) << packet;
  }
}

TEST_P(EnginePublish, RubbishAfterAcceptanceLosesTheConnection) {
  const std::string second_connack("\x20\x02\x00\x00", 4);
  for (const std::string& rubbish : {std::string(64, '\xFF'), second_connack}) {
    ScriptedMqttServer server([&rubbish](Session& session) {
      accept(session);
      (void)session.receive();
      session.send(rubbish);
      session.hold();
    });
    begin_again();
    connect(server.port());
    publish(0, "{}");
    const auto* lost = await(What::lost);
    ASSERT_NE(lost, nullptr);
    EXPECT_THAT(to_string(lost->failure.bucket), AnyOf("protocol", "network"));
  }
}

TEST_P(EnginePublish, OneLossDoesNotDisturbTheOthers) {
  ScriptedMqttServer server([](Session& session) {
    if (session.index() == 1) {
      accept(session);
      return;
    }
    ScriptedMqttServer::serve(session);
  });
  connect(server.port(), 4);
  const auto* lost = await(What::lost);
  ASSERT_NE(lost, nullptr);
  for (Slot slot = 0; slot < 4; ++slot) {
    if (slot != lost->slot) {
      publish(slot, "{}");
    }
  }
  EXPECT_TRUE(poll_until([&] { return events.count(What::acknowledged) == 3; }));
  EXPECT_EQ(events.count(What::lost), 1);
}

// 65,536 is ThingsBoard's limit of the remaining length. And ten times that: nothing of ours.
TEST_P(EnginePublish, LargePacketsArriveWhole) {
  ScriptedMqttServer server(ScriptedMqttServer::serve);
  connect(server.port());
  const std::size_t properties = settings.version == "5" ? 1 : 0;
  const std::size_t overhead = 2 + telemetry_topic.size() + 2 + properties;
  for (const std::size_t size : {65'536 - overhead, std::size_t{655'360}}) {
    std::string payload(size, 'x');
    for (std::size_t i = 0; i < size; ++i) {
      payload[i] = static_cast<char>('a' + i % 23);
    }
    const std::size_t before = events.count(What::acknowledged);
    publish(0, payload);
    ASSERT_TRUE(poll_until([&] { return events.count(What::acknowledged) > before; }));
    EXPECT_TRUE(server.packets(PacketType::publish).back().payload() == payload);
  }
  EXPECT_EQ(server.packets(PacketType::publish).front().body.size(), 65'536);
}

TEST_P(EnginePublish, AServerThatStopsReadingCostsOnlyItsOwnDevice) {
  ScriptedMqttServer deaf(
      [](Session& session) {
        accept(session);
        if (session.index() == 0) {
          session.hold();
        }
        ScriptedMqttServer::serve(session);
      },
      {.receive_buffer = 4'096});
  settings.qos = 0;  // no window of unacknowledged messages that would end it earlier
  make(deaf.port(), 2);
  connections->open(0);  // the deaf one
  ASSERT_TRUE(poll_until([&] { return events.count(What::connected) == 1; }));
  connections->open(1);
  ASSERT_TRUE(poll_until([&] { return events.count(What::connected) == 2; }));

  const std::string payload(16'384, 'x');
  connections->prepare(0, payload);
  auto sent = connections->publish(0);
  for (int i = 0; i < 10'000 && sent; ++i) {
    connections->prepare(0, payload);
    sent = connections->publish(0);
  }
  ASSERT_FALSE(sent) << "164 MB went into a connection that nobody reads";
  EXPECT_EQ(to_string(sent.error().bucket), "client-backpressure") << sent.error().detail;
  EXPECT_EQ(sent.error().stage, Stage::publish);

  publish(1, "{\"other\":1}");
  EXPECT_TRUE(poll_until([&] { return !deaf.packets(PacketType::publish).empty(); }));
  EXPECT_EQ(events.count(What::lost), 0);
  connections->shutdown(Mono::now() + 100ms);  // the full buffers cannot hold it longer
}

TEST_P(EnginePublish, MessagesFromTheServerAreAcknowledgedAndDoNoHarm) {
  ScriptedMqttServer server([](Session& session) {
    accept(session);
    session.publish("v1/devices/me/attributes", "{\"a\":1}", 77);
    ScriptedMqttServer::serve(session);
  });
  connect(server.port());
  ASSERT_TRUE(poll_until([&] { return !server.packets(PacketType::puback).empty(); }));
  EXPECT_EQ(server.packets(PacketType::puback).front().id(), 77);
  publish(0, "{}");
  EXPECT_NE(await(What::acknowledged), nullptr);
}

TEST_P(EnginePublish, LargeMessagesFromTheServerAreTakenWhole) {
  const std::string payload(65'536 - 100, 'x');
  ScriptedMqttServer server([&payload](Session& session) {
    accept(session);
    for (std::uint16_t id = 1; id <= 5; ++id) {
      session.publish("v1/devices/me/rpc/request/1", payload, id);
    }
    ScriptedMqttServer::serve(session);
  });
  connect(server.port());
  ASSERT_TRUE(poll_until([&] { return server.packets(PacketType::puback).size() == 5; }));
  EXPECT_EQ(server.packets(PacketType::puback).back().id(), 5);
  publish(0, "{}");
  EXPECT_NE(await(What::acknowledged), nullptr);
}

TEST_P(EnginePublish, ManyMessagesOfManyDevicesAreEachAcknowledgedOnce) {
  ScriptedMqttServer server(ScriptedMqttServer::serve);
  constexpr Slot count = 20;
  connect(server.port(), count);
  std::vector<std::pair<Slot, MessageId>> sent;
  for (int round = 0; round < 20; ++round) {
    const std::size_t open = sent.size();
    for (Slot slot = 0; slot < count; ++slot) {
      sent.emplace_back(slot, publish(slot, "{\"round\":" + std::to_string(round) + "}"));
    }
    ASSERT_TRUE(poll_until([&] { return events.count(What::acknowledged) == open + count; }));
  }
  std::vector<std::pair<Slot, MessageId>> answered;
  for (const auto& event : events.all) {
    if (event.what == What::acknowledged) {
      answered.emplace_back(event.slot, event.id);
    }
  }
  EXPECT_THAT(answered, testing::UnorderedElementsAreArray(sent));
}

}  // namespace
}  // namespace stresskit::mqtt
