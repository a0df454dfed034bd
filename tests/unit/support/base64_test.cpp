#include "stresskit/support/base64.hpp"

#include <gtest/gtest.h>

#include <string>

namespace stresskit::support {
namespace {

// RFC 4648, section 10.
TEST(Base64, DecodesTheExamplesOfTheStandardWithAndWithoutPadding) {
  EXPECT_EQ(decode_base64(""), "");
  EXPECT_EQ(decode_base64("Zg=="), "f");
  EXPECT_EQ(decode_base64("Zm8="), "fo");
  EXPECT_EQ(decode_base64("Zm9v"), "foo");
  EXPECT_EQ(decode_base64("Zm9vYg=="), "foob");
  EXPECT_EQ(decode_base64("Zm9vYmE"), "fooba");
  EXPECT_EQ(decode_base64("Zm9vYmFy"), "foobar");
}

TEST(Base64, TakesBothAlphabetsAndEveryByte) {
  EXPECT_EQ(decode_base64("+/+/"), decode_base64("-_-_"));
  EXPECT_EQ(decode_base64("AP8Q7w"), std::string("\x00\xFF\x10\xEF", 4));
}

TEST(Base64, RefusesAnyOtherCharacter) {
  for (const char* text : {"Zm9v Zm9v", "Zm9v\n", "Zg==Zg", "Zg===", "Z*", "\xC3\xA4"}) {
    EXPECT_EQ(decode_base64(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace stresskit::support
