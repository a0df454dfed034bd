#include "sandbox/mqtt_decode.hpp"

#include "unit/sandbox/packets.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace stresskit::sandbox {
namespace {

using namespace test;
using Status = Decoded::Status;

constexpr auto v31 = MqttVersion::v3_1;
constexpr auto v311 = MqttVersion::v3_1_1;
constexpr auto v5 = MqttVersion::v5;

template <class Packet>
Packet decoded(const std::string& input, MqttVersion version) {
  const Decoded result = decode_packet(input, version);
  EXPECT_EQ(result.status, Status::packet);
  EXPECT_EQ(result.consumed, input.size());
  const auto* packet = std::get_if<Packet>(&result.packet);
  EXPECT_NE(packet, nullptr) << "another packet than expected";
  return packet == nullptr ? Packet{} : *packet;
}

Status status(const std::string& input, MqttVersion version = v311) {
  return decode_packet(input, version).status;
}

/// One of each kind and version, all well-formed.
std::vector<std::pair<std::string, MqttVersion>> good_packets() {
  const std::string will = bytes({0}) + text("gone") + text("bye");
  return {
      {connect(3, "token"), v311},
      {connect(4, "token"), v311},
      {connect(5, "token", false), v311},
      {packet(0x10, protocol(5) + bytes({0xEE}) + u16(1) + bytes({5, 0x11, 0, 0, 0, 9}) +
                        text("c") + will + text("u") + text("p")),
       v311},
      {publish(4, 0, 0, "a/b", ""), v311},
      {publish(4, 1, 7, "a/b", "payload"), v311},
      {packet(0x3D, text("t") + u16(65'535) + bytes({2, 0x01, 1}) + "x"), v5},
      {publish(4, 1, 1, "v1/devices/me/telemetry", std::string(20'000, 'x')), v311},
      {subscribe(4, 1, "a/+", 2), v311},
      {subscribe(5, 1, "a/+", 0x2D), v5},
      {packet(0xA2, u16(9) + text("a") + text("b")), v311},
      {packet(0xA2, u16(9) + bytes({0}) + text("a")), v5},
      {packet(0x40, u16(3)), v311},
      {packet(0x50, u16(3) + bytes({0x10})), v5},
      {packet(0x62, u16(3) + bytes({0, 0})), v5},
      {packet(0x70, u16(3)), v5},
      {ping, v5},
      {disconnect, v311},
      {packet(0xE0, bytes({4, 5, 0x11, 0, 0, 0, 0})), v5},
      {packet(0xF0, bytes({0x18, 0})), v5},
  };
}

TEST(TransportDecode, ReadsTheFieldsOfConnect) {
  const std::string input = packet(0x10, protocol(4) + bytes({0xC2}) + u16(600) + text("client") +
                                             text("user") + text(std::string("p\0w\xFF", 4)));
  const auto connect = decoded<ConnectPacket>(input, v5);
  EXPECT_EQ(connect.version, v311);
  EXPECT_TRUE(connect.clean);
  EXPECT_EQ(connect.keep_alive, 600);
  EXPECT_EQ(connect.client_id, "client");
  EXPECT_TRUE(connect.has_user_name);
  EXPECT_EQ(connect.user_name, "user");
  EXPECT_TRUE(connect.has_password);
  EXPECT_EQ(connect.password, std::string_view("p\0w\xFF", 4));
}

TEST(TransportDecode, TellsAnEmptyUserNameFromNone) {
  EXPECT_TRUE(decoded<ConnectPacket>(connect(4, ""), v311).has_user_name);
  const std::string without = packet(0x10, protocol(4) + bytes({2}) + u16(60) + text("kit"));
  EXPECT_FALSE(decoded<ConnectPacket>(without, v311).has_user_name);
}

TEST(TransportDecode, ReadsOverTheWillAndThePropertiesOfConnect) {
  const std::string properties = bytes({0x21, 0, 10, 0x26}) + text("k") + text("v");
  const std::string will = bytes({5, 0x18, 0, 0, 0, 1}) + text("gone") + text("bye");
  const std::string input = packet(0x10, protocol(5) + bytes({0xAE}) + u16(60) +
                                             bytes({static_cast<int>(properties.size())}) +
                                             properties + text("kit") + will + text("token"));
  const auto connect = decoded<ConnectPacket>(input, v311);
  EXPECT_EQ(connect.version, v5);
  EXPECT_EQ(connect.client_id, "kit");
  EXPECT_EQ(connect.user_name, "token");
}

TEST(TransportDecode, RefusesOtherProtocolsAndLevels) {
  for (const int level : {0, 2, 3, 6, 0x84}) {
    const std::string input =
        packet(0x10, text("MQTT") + bytes({level, 2}) + u16(60) + text("kit"));
    EXPECT_EQ(status(input), Status::malformed) << "level " << level;
  }
  EXPECT_EQ(status(packet(0x10, text("MQIsdp") + bytes({4, 2}) + u16(60) + text("kit"))),
            Status::malformed);
  EXPECT_EQ(status(packet(0x10, text("mqtt") + bytes({4, 2}) + u16(60) + text("kit"))),
            Status::malformed);
}

TEST(TransportDecode, KeepsClientIdsOf31BelowTwentyFourCharacters) {
  const auto with_id = [](int level, std::size_t length) {
    return packet(0x10, protocol(level) + bytes({2}) + u16(60) + text(std::string(length, 'a')));
  };
  EXPECT_EQ(status(with_id(3, 23)), Status::packet);
  EXPECT_EQ(status(with_id(3, 24)), Status::malformed);
  EXPECT_EQ(status(with_id(3, 0)), Status::malformed);
  EXPECT_EQ(status(with_id(4, 300)), Status::packet);
  EXPECT_EQ(status(with_id(4, 0)), Status::packet);
}

TEST(TransportDecode, RefusesConnectFlagsThatContradictEachOther) {
  const auto with_flags = [](int level, int flags) {
    return status(packet(0x10, protocol(level) + bytes({flags}) + u16(60) + text("kit")));
  };
  EXPECT_EQ(with_flags(4, 0x03), Status::malformed) << "reserved bit";
  EXPECT_EQ(with_flags(3, 0x03), Status::packet) << "3.1 has no reserved bit";
  EXPECT_EQ(with_flags(4, 0x0A), Status::malformed) << "QoS of no will";
  EXPECT_EQ(with_flags(4, 0x22), Status::malformed) << "retain of no will";
  EXPECT_EQ(with_flags(4, 0x1E), Status::malformed) << "QoS 3 of a will";
  EXPECT_EQ(with_flags(4, 0x82), Status::malformed) << "a user name that is not there";
}

TEST(TransportDecode, ReadsPublishAtEveryQos) {
  EXPECT_EQ(decoded<PublishPacket>(publish(4, 0, 0, "t", "abc"), v311).packet_id, 0);
  for (const int qos : {1, 2}) {
    const std::string input = publish(4, qos, 258, "t/u", "abc");
    const auto message = decoded<PublishPacket>(input, v311);
    EXPECT_EQ(message.qos, qos);
    EXPECT_EQ(message.packet_id, 258);
    EXPECT_EQ(message.topic, "t/u");
    EXPECT_EQ(message.payload, "abc");
  }
}

TEST(TransportDecode, SeparatesThePropertiesOfPublishFromItsPayload) {
  const std::string input = packet(0x32, text("t") + u16(1) + bytes({5, 0x02, 0, 0, 0, 9}) + "abc");
  EXPECT_EQ(decoded<PublishPacket>(input, v5).payload, "abc");
  EXPECT_EQ(decoded<PublishPacket>(input, v311).payload.size(), 9U) << "3.1.1 has no properties";
}

TEST(TransportDecode, RefusesWhatPublishMayNotBe) {
  EXPECT_EQ(status(publish(4, 3, 1, "t", "")), Status::malformed) << "QoS 3";
  EXPECT_EQ(status(publish(4, 1, 0, "t", "")), Status::malformed) << "packet id 0";
  EXPECT_EQ(status(publish(4, 1, 1, "", "")), Status::malformed) << "no topic";
  EXPECT_EQ(status(publish(4, 1, 1, "a/+/b", "")), Status::malformed) << "wildcard";
  EXPECT_EQ(status(publish(4, 1, 1, "a/#", "")), Status::malformed) << "wildcard";
  EXPECT_EQ(status(packet(0x38, text("t"))), Status::malformed) << "DUP at QoS 0";
  EXPECT_EQ(status(packet(0x32, text("t") + u16(1) + bytes({3, 0x23, 0, 1})), v5),
            Status::malformed)
      << "topic alias, of which none is offered";
}

TEST(TransportDecode, RefusesTextThatIsNoUtf8) {
  for (const std::string_view bad :
       {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE0\x80\x80", "a\x80", "\xC3"}) {
    EXPECT_EQ(status(publish(4, 0, 0, bad, "")), Status::malformed);
  }
  EXPECT_EQ(status(publish(4, 0, 0, std::string_view("a\0b", 3), "")), Status::malformed);
  EXPECT_EQ(status(publish(4, 0, 0, "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80", "")), Status::packet);
}

TEST(TransportDecode, ReadsSubscriptions) {
  const std::string input =
      packet(0x82, u16(10) + text("a/+") + bytes({1}) + text("b") + bytes({2}));
  const auto subscribe = decoded<SubscribePacket>(input, v311);
  EXPECT_EQ(subscribe.packet_id, 10);
  ASSERT_EQ(subscribe.wishes.size(), 2U);
  EXPECT_EQ(subscribe.wishes[0].filter, "a/+");
  EXPECT_EQ(subscribe.wishes[1].qos, 2);
}

TEST(TransportDecode, RefusesWhatSubscriptionsMayNotBe) {
  EXPECT_EQ(status(packet(0x82, u16(1))), Status::malformed) << "none at all";
  EXPECT_EQ(status(packet(0xA2, u16(1))), Status::malformed) << "none at all";
  EXPECT_EQ(status(subscribe(4, 1, "a", 3)), Status::malformed) << "QoS 3";
  EXPECT_EQ(status(subscribe(4, 1, "a", 4)), Status::malformed) << "an option of MQTT 5";
  EXPECT_EQ(status(subscribe(5, 1, "a", 0x30), v5), Status::malformed) << "retain handling 3";
  EXPECT_EQ(status(subscribe(4, 1, "", 1)), Status::malformed) << "empty filter";
  EXPECT_EQ(status(packet(0x80, u16(1) + text("a") + bytes({1}))), Status::malformed) << "flags";
}

TEST(TransportDecode, RefusesWhatOnlyAServerSends) {
  for (const int type : {0x00, 0x20, 0x90, 0xB0, 0xD0}) {
    EXPECT_EQ(status(bytes({type, 2, 0, 0}), v5), Status::malformed) << "type " << type;
  }
  EXPECT_EQ(status(bytes({0xF0, 0}), v311), Status::malformed) << "AUTH below MQTT 5";
}

TEST(TransportDecode, RefusesBytesBehindTheEndOfAPacket) {
  EXPECT_EQ(status(packet(0xC0, "x")), Status::malformed);
  EXPECT_EQ(status(packet(0x40, u16(1) + "x")), Status::malformed);
  EXPECT_EQ(status(packet(0xE0, bytes({0})), v311), Status::malformed);
  EXPECT_EQ(status(packet(0x10, connect(4, "token").substr(2) + "x")), Status::malformed);
}

TEST(TransportDecode, RefusesPropertiesWhereTheyDoNotBelong) {
  EXPECT_EQ(status(packet(0x32, text("t") + u16(1) + bytes({3, 0x21, 0, 1})), v5),
            Status::malformed)
      << "Receive Maximum in PUBLISH";
  EXPECT_EQ(status(packet(0x32, text("t") + u16(1) + bytes({2, 0x7F, 0})), v5), Status::malformed)
      << "unknown property";
  EXPECT_EQ(status(packet(0x32, text("t") + u16(1) + bytes({9, 0x01})), v5), Status::malformed)
      << "longer than the packet";
}

TEST(TransportDecode, RecognizesAnotherProtocolByItsFirstByte) {
  EXPECT_EQ(status("G"), Status::malformed);
  EXPECT_EQ(status("\x16\x03\x01"), Status::malformed) << "a TLS handshake";
}

TEST(TransportDecode, BoundsTheRemainingLength) {
  const auto header = [](std::size_t length) { return packet(0x30, std::string(length, 'x')); };
  EXPECT_EQ(status(header(65'537).substr(0, 4)), Status::too_large);
  EXPECT_EQ(status(header(65'536).substr(0, 4)), Status::incomplete);
  const std::string largest = text("t") + std::string(65'533, 'x');
  EXPECT_EQ(status(packet(0x30, largest)), Status::packet);
  EXPECT_EQ(status(packet(0x30, largest + "x")), Status::too_large);
  EXPECT_EQ(status(bytes({0x30, 0xFF, 0xFF, 0xFF, 0xFF})), Status::malformed) << "a fifth byte";
}

TEST(TransportDecode, AsksForMoreUntilTheLastByteIsThere) {
  for (const auto& [input, version] : good_packets()) {
    for (std::size_t length = 0; length < input.size(); ++length) {
      ASSERT_EQ(status(input.substr(0, length), version), Status::incomplete)
          << "packet " << static_cast<int>(input[0]) << " cut to " << length;
    }
    ASSERT_EQ(status(input, version), Status::packet) << static_cast<int>(input[0]);
  }
}

TEST(TransportDecode, LeavesThePacketBehindAlone) {
  for (const auto& [input, version] : good_packets()) {
    const Decoded result = decode_packet(input + ping, version);
    EXPECT_EQ(result.status, Status::packet);
    EXPECT_EQ(result.consumed, input.size());
  }
}

TEST(TransportDecode, NeverWaitsForMoreThanTheBodyItWasPromised) {
  for (const auto& [input, version] : good_packets()) {
    const Decoded whole = decode_packet(input, version);
    if (std::holds_alternative<PublishPacket>(whole.packet)) {
      continue;  // its payload may be cut
    }
    const std::size_t header = input.size() > 129 ? 3 : 2;
    for (std::size_t length = header + 1; length < input.size(); ++length) {
      const std::string cut =
          packet(static_cast<std::uint8_t>(input[0]), input.substr(header, length - header));
      const Status result = status(cut, version);
      EXPECT_NE(result, Status::incomplete) << length;
    }
  }
}

TEST(TransportDecode, SurvivesEveryChangedByte) {
  for (const auto& [input, version] : good_packets()) {
    const std::size_t reach = std::min<std::size_t>(input.size(), 80);
    for (std::size_t at = 0; at < reach; ++at) {
      for (int value = 0; value < 256; ++value) {
        std::string changed = input;
        changed[at] = static_cast<char>(value);
        const Decoded result = decode_packet(changed, version);
        ASSERT_LE(result.consumed, changed.size());
        ASSERT_EQ(result.status == Status::packet, result.consumed > 0);
      }
    }
  }
}

TEST(TransportDecode, SurvivesNoise) {
  std::mt19937 random(20'261'123);
  for (int round = 0; round < 20'000; ++round) {
    std::string noise(random() % 64, '\0');
    for (char& c : noise) {
      c = static_cast<char>(random());
    }
    for (const MqttVersion version : {v31, v311, v5}) {
      ASSERT_LE(decode_packet(noise, version).consumed, noise.size());
    }
  }
}

}  // namespace
}  // namespace stresskit::sandbox
