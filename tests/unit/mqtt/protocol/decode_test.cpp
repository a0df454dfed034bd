#include "stresskit/mqtt/protocol/decode.hpp"

#include "unit/mqtt/protocol/hex.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace stresskit::mqtt::protocol {
namespace {

using test::hex;

template <class T>
T expect(Version version, const std::string& bytes) {
  const Decoded decoded = decode(version, bytes);
  if (const auto* bad = std::get_if<Malformed>(&decoded.packet)) {
    ADD_FAILURE() << bad->what;
  }
  EXPECT_EQ(decoded.size, bytes.size());
  return std::get<T>(decoded.packet);
}

bool malformed(Version version, const std::string& bytes) {
  const Decoded decoded = decode(version, bytes);
  return std::holds_alternative<Malformed>(decoded.packet) && decoded.size == 0;
}

bool incomplete(Version version, const std::string& bytes) {
  const Decoded decoded = decode(version, bytes);
  return std::holds_alternative<Incomplete>(decoded.packet) && decoded.size == 0;
}

// MQTT 3.1.1, table 3.1: every return code, and the ones that are reserved.
TEST(Decode, ConnackOf311GivesTheReturnCode) {
  for (int code = 0; code < 256; ++code) {
    const std::string bytes = hex("20 02 00") + static_cast<char>(code);
    EXPECT_EQ(expect<Connack>(Version::v3_1_1, bytes).code, code);
  }
}

// ThingsBoard sets it even in refusals, which the specification forbids.
TEST(Decode, SessionPresentIsAcceptedInARefusal) {
  const std::string connack_bytes = hex("20 02 01 05");
  const auto connack = expect<Connack>(Version::v3_1_1, connack_bytes);
  EXPECT_TRUE(connack.session_present);
  EXPECT_EQ(connack.code, 5);
}

TEST(Decode, ConnackWithoutPropertiesHasTheSpecificationsDefaults) {
  const std::string connack_bytes = hex("20 03 00 00 00");
  const auto connack = expect<Connack>(Version::v5, connack_bytes);
  EXPECT_FALSE(connack.session_present);
  EXPECT_EQ(connack.receive_maximum, 65'535);
  EXPECT_EQ(connack.maximum_qos, 2);
  EXPECT_EQ(connack.server_keep_alive, std::nullopt);
  EXPECT_EQ(connack.maximum_packet_size, 0xFFFF'FFFF);
  EXPECT_EQ(connack.assigned_client_id, "");
  EXPECT_EQ(connack.reason, "");
}

TEST(Decode, ConnackGivesThePropertiesWeActOn) {
  const std::string connack_bytes =
      hex("20 22 00 87 1F 21 0014 24 00 13 001E 27 00010000 12 0003'abc' "
          "1F 0009'not today'");
  const auto connack = expect<Connack>(Version::v5, connack_bytes);
  EXPECT_EQ(connack.code, 0x87);
  EXPECT_EQ(connack.receive_maximum, 20);
  EXPECT_EQ(connack.maximum_qos, 0);
  EXPECT_EQ(connack.server_keep_alive, 30);
  EXPECT_EQ(connack.maximum_packet_size, 65'536);
  EXPECT_EQ(connack.assigned_client_id, "abc");
  EXPECT_EQ(connack.reason, "not today");
}

// MQTT 5, table 2-4: every property a CONNACK may carry, each alone.
TEST(Decode, ConnackMayCarryEachPropertyOfTheTable) {
  for (const char* property :
       {"11 00000000", "12 0001'a'", "13 0000", "15 0001'm'", "16 0002 00FF", "1A 0000",
        "1C 0001's'", "1F 0000", "21 0001", "22 FFFF", "24 01", "25 00", "26 0001'k' 0001'v'",
        "27 00000001", "28 01", "29 00", "2A 01"}) {
    const std::string bytes = hex(property);
    const auto size = static_cast<char>(bytes.size());
    expect<Connack>(Version::v5,
                    hex("20") + static_cast<char>(size + 3) + hex("0000") + size + bytes);
  }
}

TEST(Decode, UserPropertiesMayRepeat) {
  expect<Connack>(Version::v5, hex("20 11 00 00 0E 26 0001'k' 0001'v' 26 0001'k' 0001'w'"));
}

TEST(Decode, BadPropertiesAreMalformed) {
  EXPECT_TRUE(malformed(Version::v5, hex("20 06 00 00 03 21 0000"))) << "receive maximum 0";
  EXPECT_TRUE(malformed(Version::v5, hex("20 08 00 00 05 27 00000000"))) << "packet size 0";
  EXPECT_TRUE(malformed(Version::v5, hex("20 05 00 00 02 24 02"))) << "maximum QoS 2";
  EXPECT_TRUE(malformed(Version::v5, hex("20 09 00 00 06 21 0001 21 0001"))) << "given twice";
  EXPECT_TRUE(malformed(Version::v5, hex("20 05 00 00 02 00 00"))) << "unknown identifier";
  EXPECT_TRUE(malformed(Version::v5, hex("20 05 00 00 02 FF 00"))) << "unknown identifier";
  EXPECT_TRUE(malformed(Version::v5, hex("20 06 00 00 03 23 0001"))) << "not in CONNACK";
  EXPECT_TRUE(malformed(Version::v5, hex("20 05 00 00 02 21 00"))) << "cut short";
  EXPECT_TRUE(malformed(Version::v5, hex("20 05 00 00 03 21 00"))) << "longer than the packet";
  EXPECT_TRUE(malformed(Version::v5, hex("20 07 00 00 03 21 0001 00"))) << "bytes left over";
  EXPECT_TRUE(malformed(Version::v5, hex("20 07 00 00 FFFFFFFF01"))) << "length of five bytes";
  EXPECT_TRUE(malformed(Version::v5, hex("20 02 00 00"))) << "no property length";
  EXPECT_TRUE(malformed(Version::v5, hex("20 07 00 00 04 1F 0001 FF"))) << "not UTF-8";
}

// A server that does not know MQTT 5 answers with a CONNACK of 3.1.1.
TEST(Decode, ShortRefusalIsUnderstoodIn5) {
  EXPECT_EQ(expect<Connack>(Version::v5, hex("20 02 00 01")).code, 1);
}

TEST(Decode, PubackOf311) {
  const auto puback = expect<Puback>(Version::v3_1_1, hex("40 02 FF01"));
  EXPECT_EQ(puback.id, 0xFF01);
  EXPECT_EQ(puback.code, 0);
  EXPECT_TRUE(malformed(Version::v3_1_1, hex("40 03 0001 00")));
  EXPECT_TRUE(malformed(Version::v3_1_1, hex("40 02 0000"))) << "there is no packet 0";
}

// MQTT 5, section 3.4.2: reason and properties may be left out from the end.
TEST(Decode, PubackOf5InItsThreeLengths) {
  EXPECT_EQ(expect<Puback>(Version::v5, hex("40 02 0007")).code, 0);
  EXPECT_EQ(expect<Puback>(Version::v5, hex("40 03 0007 97")).code, 0x97);
  const std::string bytes = hex("40 10 0007 99 0C 1F 0002'no' 26 0001'k' 0001'v'");
  const auto full = expect<Puback>(Version::v5, bytes);
  EXPECT_EQ(full.id, 7);
  EXPECT_EQ(full.code, 0x99);
  EXPECT_EQ(full.reason, "no");
}

TEST(Decode, PublishAtBothQos) {
  const std::string plain_bytes = hex("31 07 0003'a/b' '{}'");
  const auto plain = expect<Publish>(Version::v3_1_1, plain_bytes);
  EXPECT_EQ(plain.topic, "a/b");
  EXPECT_EQ(plain.payload, "{}");
  EXPECT_EQ(plain.id, 0);
  const std::string acknowledged_bytes = hex("3A 09 0003'a/b' 0102 '{}'");
  const auto acknowledged = expect<Publish>(Version::v3_1_1, acknowledged_bytes);
  EXPECT_EQ(acknowledged.payload, "{}");
  EXPECT_EQ(acknowledged.id, 0x0102);
  EXPECT_TRUE(expect<Publish>(Version::v3_1_1, hex("30 03 0001't'")).payload.empty());
}

TEST(Decode, PublishOf5SkipsItsProperties) {
  const std::string publish_bytes =
      hex("32 20 0001't' 0009 18 01 01 02 00000001 03 0001'c' 08 0001'r' 09 0001 00 "
          "0B 8101 0B 01 '{}'");
  const auto publish = expect<Publish>(Version::v5, publish_bytes);
  EXPECT_EQ(publish.id, 9);
  EXPECT_EQ(publish.payload, "{}");
}

TEST(Decode, BadPublishIsMalformed) {
  for (const Version version : {Version::v3_1_1, Version::v5}) {
    EXPECT_TRUE(malformed(version, hex("34 05 0001't' 0001"))) << "QoS 2";
    EXPECT_TRUE(malformed(version, hex("36 05 0001't' 0001"))) << "QoS 3";
    EXPECT_TRUE(malformed(version, hex("32 06 0001't' 0000 00"))) << "packet id 0";
    EXPECT_TRUE(malformed(version, hex("30 03 0000 00"))) << "no topic";
    EXPECT_TRUE(malformed(version, hex("30 04 0005'ab'"))) << "topic longer than the packet";
    EXPECT_TRUE(malformed(version, hex("30 05 0002 C328 00"))) << "topic not UTF-8";
    EXPECT_TRUE(malformed(version, hex("30 00"))) << "empty";
  }
  EXPECT_TRUE(malformed(Version::v5, hex("30 07 0001't' 03 23 0001"))) << "topic alias";
}

TEST(Decode, Suback) {
  const std::string three = hex("90 05 000A 01 01 80");
  EXPECT_EQ(expect<Suback>(Version::v3_1_1, three).codes, hex("01 01 80"));
  const std::string suback_bytes = hex("90 09 000A 05 1F 0002'ok' 8F");
  const auto suback = expect<Suback>(Version::v5, suback_bytes);
  EXPECT_EQ(suback.id, 10);
  EXPECT_EQ(suback.reason, "ok");
  EXPECT_EQ(suback.codes, hex("8F"));
  EXPECT_TRUE(malformed(Version::v3_1_1, hex("90 02 000A"))) << "no codes";
  EXPECT_TRUE(malformed(Version::v5, hex("90 03 0000 00"))) << "packet id 0";
}

TEST(Decode, Pingresp) {
  expect<Pingresp>(Version::v3_1_1, hex("D0 00"));
  EXPECT_TRUE(malformed(Version::v5, hex("D0 01 00")));
}

// MQTT 5, section 3.14.2: reason and properties may be left out from the end.
TEST(Decode, DisconnectInItsThreeLengths) {
  EXPECT_EQ(expect<Disconnect>(Version::v5, hex("E0 00")).code, 0);
  EXPECT_EQ(expect<Disconnect>(Version::v5, hex("E0 01 8E")).code, 0x8E);
  const std::string full_bytes = hex("E0 09 98 07 1F 0004'bye!'");
  const auto full = expect<Disconnect>(Version::v5, full_bytes);
  EXPECT_EQ(full.code, 0x98);
  EXPECT_EQ(full.reason, "bye!");
  EXPECT_TRUE(malformed(Version::v3_1_1, hex("E0 00"))) << "3.1.1 servers just close";
}

// Table 2.1 and 2.2: types that a server never sends, and flags that are fixed.
TEST(Decode, WrongFirstByteIsMalformedAtOnce) {
  for (int first = 0; first < 256; ++first) {
    const int type = first & 0xF0;
    const bool good_type = type == 0x20 || type == 0x40 || type == 0x90 || type == 0xD0;
    const bool good =
        type == 0x30 ? (first & 0x04) == 0 : (good_type || type == 0xE0) && (first & 0x0F) == 0;
    const std::string bytes(1, static_cast<char>(first));
    EXPECT_EQ(incomplete(Version::v5, bytes), good) << first;
    EXPECT_EQ(malformed(Version::v5, bytes), !good) << first;
  }
}

TEST(Decode, PacketBeyondTheLimitIsMalformedBeforeItIsBuffered) {
  EXPECT_TRUE(incomplete(Version::v5, hex("30 FCFF07")));
  EXPECT_TRUE(malformed(Version::v5, hex("30 FDFF07")));
  EXPECT_TRUE(malformed(Version::v5, hex("30 FFFFFF7F")));
  EXPECT_TRUE(malformed(Version::v5, hex("30 FFFFFFFF"))) << "length of more than four bytes";
}

TEST(Decode, OnlyTheFirstPacketIsTaken) {
  const Decoded decoded = decode(Version::v3_1_1, hex("40 02 0001 40 02 0002"));
  EXPECT_EQ(std::get<Puback>(decoded.packet).id, 1);
  EXPECT_EQ(decoded.size, 4U);
}

TEST(Decode, EveryPrefixOfAGoodPacketIsIncomplete) {
  for (const char* packet :
       {"20 22 00 87 1F 21 0014 24 00 13 001E 27 00010000 12 0003'abc' 1F 0009'not today'",
        "40 10 0007 99 0C 1F 0002'no' 26 0001'k' 0001'v'", "90 09 000A 05 1F 0002'ok' 8F",
        "E0 09 98 07 1F 0004'bye!'", "32 0A 0003'a/b' 0102 00 '{}'", "D0 00"}) {
    const std::string bytes = hex(packet);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_TRUE(incomplete(Version::v5, bytes.substr(0, size))) << packet << " at " << size;
    }
  }
}

// No input crashes it, and what it takes is never more than there is. (The sanitizer builds look
// for reads beyond the end: every input is a heap block of its exact size.)
TEST(Decode, RubbishNeverReadsBeyondTheEnd) {
  std::mt19937 random(4711);
  const std::string firsts = hex("20 30 32 3B 40 90 D0 E0");
  for (int i = 0; i < 200'000; ++i) {
    std::vector<char> bytes(random() % 40);
    for (char& c : bytes) {
      c = static_cast<char>(random() % 4 == 0 ? random() % 48 : random());
    }
    if (bytes.size() > 1 && i % 8 != 0) {  // mostly past the first checks
      bytes[0] = firsts[random() % firsts.size()];
      bytes[1] = static_cast<char>(bytes.size() - 2);
    }
    for (const Version version : {Version::v3_1_1, Version::v5}) {
      const Decoded decoded = decode(version, {bytes.data(), bytes.size()});
      ASSERT_LE(decoded.size, bytes.size());
      ASSERT_EQ(decoded.size == 0, std::holds_alternative<Malformed>(decoded.packet) ||
                                       std::holds_alternative<Incomplete>(decoded.packet));
    }
  }
}

}  // namespace
}  // namespace stresskit::mqtt::protocol
