#include "config/checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace stresskit::config {
namespace {

using testing::HasSubstr;

TEST(CheckPrefix, TakesLettersOfAnyLanguage) {
  for (const char* good : {"sim", "sim-2", "lab_7", "Fühler", "датчик", "传感器", "😀", "a.b:c"}) {
    EXPECT_TRUE(check_prefix(good)) << good;
  }
}

TEST(CheckPrefix, SaysWhichCharacterIsInTheWay) {
  for (const char* bad : {"a/b", "a\\b", "a\"b", "a'b", "a`b", "a,b", "a%b", "a<b", "a>b", "a&b",
                          "a{b", "a}b", "a#b", "a+b"}) {
    const auto result = check_prefix(bad);
    ASSERT_FALSE(result) << bad;
    EXPECT_THAT(result.error(), HasSubstr(std::string("'") + bad[1] + "'"));
  }
  EXPECT_THAT(check_prefix("a b").error(), HasSubstr("U+0020"));
  EXPECT_THAT(check_prefix("a\nb").error(), HasSubstr("U+000A"));
  EXPECT_THAT(check_prefix("a\u00A0b").error(), HasSubstr("U+00A0"));
  EXPECT_THAT(check_prefix("a\u200Bb").error(), HasSubstr("U+200B"));
}

TEST(CheckPrefix, RefusesEmptyTooLongAndBrokenText) {
  EXPECT_THAT(check_prefix("").error(), HasSubstr("empty"));
  EXPECT_TRUE(check_prefix(std::string(200, 'x')));
  EXPECT_THAT(check_prefix(std::string(201, 'x')).error(), HasSubstr("201"));
  for (const char* broken : {"\xFF", "a\xC3", "\x80", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80",
                             "\xF4\x90\x80\x80", "\xC3(", "\xF0\x8F\xBF\xBF"}) {
    EXPECT_THAT(check_prefix(broken).error(), HasSubstr("UTF-8"));
  }
}

}  // namespace
}  // namespace stresskit::config
