#include "mqtt/protocol/cursor.hpp"

#include "unit/mqtt/protocol/hex.hpp"

#include <gtest/gtest.h>

#include <string>

namespace stresskit::mqtt::protocol {
namespace {

using test::hex;

TEST(Cursor, ReadsEachTypeInTurn) {
  const std::string bytes = hex("01 0203 04050607 8101 0002'hi' 0001 FF");
  Cursor cursor(bytes);
  EXPECT_EQ(cursor.u8(), 1);
  EXPECT_EQ(cursor.u16(), 0x0203);
  EXPECT_EQ(cursor.u32(), 0x04050607U);
  EXPECT_EQ(cursor.variable(), 129U);
  EXPECT_EQ(cursor.text(), "hi");
  EXPECT_EQ(cursor.binary(), hex("FF"));
  EXPECT_TRUE(cursor.ok());
  EXPECT_TRUE(cursor.empty());
}

TEST(Cursor, ReadBeyondTheEndFailsForGood) {
  Cursor cursor("\x01");
  EXPECT_EQ(cursor.u16(), 0x0100);
  EXPECT_FALSE(cursor.ok());
  EXPECT_EQ(cursor.u32(), 0U);
  EXPECT_FALSE(cursor.ok());
}

// MQTT 5, table 1-1.
TEST(Cursor, VariableIntegersOfTheTable) {
  EXPECT_EQ(Cursor(hex("00")).variable(), 0U);
  EXPECT_EQ(Cursor(hex("7F")).variable(), 127U);
  EXPECT_EQ(Cursor(hex("8001")).variable(), 128U);
  EXPECT_EQ(Cursor(hex("FF7F")).variable(), 16'383U);
  EXPECT_EQ(Cursor(hex("808001")).variable(), 16'384U);
  EXPECT_EQ(Cursor(hex("FFFF7F")).variable(), 2'097'151U);
  EXPECT_EQ(Cursor(hex("80808001")).variable(), 2'097'152U);
  EXPECT_EQ(Cursor(hex("FFFFFF7F")).variable(), 268'435'455U);
}

TEST(Cursor, TextIsWellFormedUtf8) {
  for (const char* good : {"", "'plain'", "C3A9", "E282AC", "EFBBBF", "ED9FBF", "EE8080",
                           "F09F9880", "F48FBFBF", "7F"}) {
    EXPECT_TRUE(valid_text(hex(good))) << good;
  }
  for (const char* bad : {"00", "80", "C0AF", "C1BF", "C3", "C328", "E08080", "E282", "EDA080",
                          "F0808080", "F4908080", "F5808080", "F09F98", "FF", "'a'00"}) {
    EXPECT_FALSE(valid_text(hex(bad))) << bad;
  }
}

}  // namespace
}  // namespace stresskit::mqtt::protocol
