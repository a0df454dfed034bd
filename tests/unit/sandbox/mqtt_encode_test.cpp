#include "sandbox/mqtt_encode.hpp"

#include "unit/sandbox/packets.hpp"

#include <gtest/gtest.h>

#include <array>

namespace stresskit::sandbox {
namespace {

using test::bytes;

constexpr auto v311 = MqttVersion::v3_1_1;
constexpr auto v5 = MqttVersion::v5;

TEST(TransportEncode, WritesConnackInTheRecordedForm) {
  EXPECT_EQ(encode_connack(v311, false, 0), bytes({0x20, 2, 0, 0}));
  EXPECT_EQ(encode_connack(v311, true, 5), bytes({0x20, 2, 1, 5}));
  EXPECT_EQ(encode_connack(v5, true, 0x86), bytes({0x20, 3, 1, 0x86, 0}));
}

TEST(TransportEncode, GivesAReasonWithPubackFromMqtt5OnAndOnlyForAProblem) {
  EXPECT_EQ(encode_puback(v311, 0x1234, 0x99), bytes({0x40, 2, 0x12, 0x34}));
  EXPECT_EQ(encode_puback(v5, 3, 0), bytes({0x40, 2, 0, 3}));
  EXPECT_EQ(encode_puback(v5, 3, 0x99), bytes({0x40, 4, 0, 3, 0x99, 0}));
}

TEST(TransportEncode, WritesTheCodesOfSubscriptions) {
  constexpr std::array<std::uint8_t, 2> codes{1, 0x80};
  EXPECT_EQ(encode_suback(v311, 10, codes), bytes({0x90, 4, 0, 10, 1, 0x80}));
  EXPECT_EQ(encode_suback(v5, 10, codes), bytes({0x90, 5, 0, 10, 0, 1, 0x80}));
  EXPECT_EQ(encode_unsuback(v311, 10, codes), bytes({0xB0, 2, 0, 10}));
  EXPECT_EQ(encode_unsuback(v5, 10, codes), bytes({0xB0, 5, 0, 10, 0, 1, 0x80}));
}

TEST(TransportEncode, WritesMessages) {
  EXPECT_EQ(encode_publish(v311, 1, 7, "t", "{}"), bytes({0x32, 7, 0, 1, 't', 0, 7, '{', '}'}));
  EXPECT_EQ(encode_publish(v311, 0, 7, "t", "{}"), bytes({0x30, 5, 0, 1, 't', '{', '}'}));
  EXPECT_EQ(encode_publish(v5, 1, 7, "t", "{}"), bytes({0x32, 8, 0, 1, 't', 0, 7, 0, '{', '}'}));
}

TEST(TransportEncode, WritesLongRemainingLengths) {
  const std::string message = encode_publish(v311, 0, 0, "t", std::string(16'381, 'x'));
  EXPECT_EQ(message.substr(0, 4), bytes({0x30, 0x80, 0x80, 0x01}));
  EXPECT_EQ(message.size(), 4U + 16'384U);
}

TEST(TransportEncode, WritesPingrespAndDisconnect) {
  EXPECT_EQ(encode_pingresp(), bytes({0xD0, 0}));
  EXPECT_EQ(encode_disconnect(0), bytes({0xE0, 0}));
  EXPECT_EQ(encode_disconnect(0x8E), bytes({0xE0, 2, 0x8E, 0}));
}

}  // namespace
}  // namespace stresskit::sandbox
