#include "stresskit/mqtt/protocol/encode.hpp"

#include "unit/mqtt/protocol/hex.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace stresskit::mqtt::protocol {
namespace {

using test::hex;

TEST(Encode, ConnectOf311HasCleanSessionAndUserNameOnly) {
  std::string out;
  append_connect(out, Version::v3_1_1, {"sim-1", "token", 60});
  EXPECT_EQ(out, hex("10 18 0004'MQTT' 04 82 003C 0005'sim-1' 0005'token'"));
}

TEST(Encode, ConnectOf5AnnouncesTheLargestPacketWeTake) {
  std::string out;
  append_connect(out, Version::v5, {"sim-1", "token", 600});
  EXPECT_EQ(out, hex("10 1E 0004'MQTT' 05 82 0258 05 27 00020000 0005'sim-1' 0005'token'"));
}

TEST(Encode, ConnectIsAppended) {
  std::string out = "before";
  append_connect(out, Version::v3_1_1, {"a", "b", 0});
  EXPECT_EQ(out, "before" + hex("10 10 0004'MQTT' 04 82 0000 0001'a' 0001'b'"));
}

TEST(Encode, StringOfMoreThan65535BytesIsRefused) {
  std::string out;
  const std::string longest(65'535, 'x');
  EXPECT_NO_THROW(append_connect(out, Version::v5, {longest, "t", 0}));
  EXPECT_THROW(append_connect(out, Version::v5, {longest + "x", "t", 0}), std::length_error);
}

TEST(Encode, PublishCarriesAnIdAtQos1Only) {
  std::string frame = "what was there before";
  write_publish(frame, Version::v3_1_1, Qos::at_least_once, 0x1234, "a/b", "{}");
  EXPECT_EQ(frame, hex("32 09 0003'a/b' 1234 '{}'"));
  write_publish(frame, Version::v3_1_1, Qos::at_most_once, 0x1234, "a/b", "{}");
  EXPECT_EQ(frame, hex("30 07 0003'a/b' '{}'"));
}

TEST(Encode, PublishOf5HasAnEmptyPropertyLength) {
  std::string frame;
  write_publish(frame, Version::v5, Qos::at_least_once, 7, "a/b", "");
  EXPECT_EQ(frame, hex("32 08 0003'a/b' 0007 00"));
  write_publish(frame, Version::v5, Qos::at_most_once, 7, "a/b", "x");
  EXPECT_EQ(frame, hex("30 07 0003'a/b' 00 'x'"));
}

// MQTT 3.1.1, table 2.4: the size of the remaining length field.
TEST(Encode, RemainingLengthGrowsAtTheLimitsOfTheTable) {
  struct Row {
    std::size_t remaining;
    std::string length;
  };
  const Row rows[] = {
      {127, "7F"},          {128, "80 01"},          {16'383, "FF 7F"},
      {16'384, "80 80 01"}, {2'097'151, "FF FF 7F"}, {2'097'152, "80 80 80 01"},
      {65'536, "80 80 04"},
  };
  for (const Row& row : rows) {
    std::string frame;
    const std::string payload(row.remaining - 3, 'p');
    write_publish(frame, Version::v3_1_1, Qos::at_most_once, 0, "t", payload);
    const std::string head = hex("30" + row.length + "0001't'");
    EXPECT_EQ(frame.substr(0, head.size()), head) << row.remaining;
    EXPECT_EQ(frame.size(), head.size() + payload.size());
  }
}

TEST(Encode, PublishReusesTheFramesMemory) {
  std::string frame;
  write_publish(frame, Version::v3_1_1, Qos::at_least_once, 1, "topic", std::string(200, 'x'));
  const char* memory = frame.data();
  write_publish(frame, Version::v3_1_1, Qos::at_least_once, 2, "topic", std::string(190, 'y'));
  EXPECT_EQ(frame.data(), memory);
}

TEST(Encode, SubscribeAsksForOneFilter) {
  std::string out;
  append_subscribe(out, Version::v3_1_1, 10, "a/+", Qos::at_least_once);
  EXPECT_EQ(out, hex("82 08 000A 0003'a/+' 01"));
  out.clear();
  append_subscribe(out, Version::v5, 10, "a/+", Qos::at_most_once);
  EXPECT_EQ(out, hex("82 09 000A 00 0003'a/+' 00"));
}

TEST(Encode, ShortPackets) {
  const auto ack = puback(0xFFFE);
  EXPECT_EQ(std::string(ack.begin(), ack.end()), hex("40 02 FFFE"));
  EXPECT_EQ(std::string(pingreq), hex("C000"));
  EXPECT_EQ(std::string(disconnect), hex("E000"));
}

}  // namespace
}  // namespace stresskit::mqtt::protocol
