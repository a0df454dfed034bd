#include "config/checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stresskit::config {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(CheckUrl, DropsTheSlashAtTheEnd) {
  EXPECT_EQ(check_url("http://tb:8080"), "http://tb:8080");
  EXPECT_EQ(check_url("http://tb:8080/"), "http://tb:8080");
  EXPECT_EQ(check_url("https://tb//"), "https://tb");
}

TEST(CheckUrl, KeepsAPath) {
  EXPECT_EQ(check_url("https://iot.example.org/things/board/"),
            "https://iot.example.org/things/board");
}

TEST(CheckUrl, TakesIpv6InBrackets) {
  EXPECT_EQ(check_url("http://[::1]:8080/"), "http://[::1]:8080");
  EXPECT_EQ(check_url("http://[fe80::1]"), "http://[fe80::1]");
}

TEST(CheckUrl, SaysHowToWriteIpv6) {
  EXPECT_THAT(check_url("http://fe80::1").error(), HasSubstr("[fe80::1]"));
}

TEST(CheckUrl, SuggestsTheSchemeThatIsMissing) {
  EXPECT_THAT(check_url("tb.example.org:8080").error(),
              HasSubstr("did you mean \"http://tb.example.org:8080\"?"));
  EXPECT_THAT(check_url("//tb").error(), HasSubstr("\"http://tb\"?"));
}

TEST(CheckUrl, TakesTheSchemeInAnyCase) {
  EXPECT_EQ(check_url("HTTPS://TB"), "https://TB");
}

TEST(CheckUrl, RefusesOtherSchemes) {
  EXPECT_THAT(check_url("mqtt://tb:1883").error(), HasSubstr("http:// or https://"));
}

TEST(CheckUrl, RefusesUserInfoWithoutShowingIt) {
  for (const char* url : {"http://a:hunter2@tb", "a:hunter2@tb"}) {
    const auto result = check_url(url);
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error(), HasSubstr("TB_PASSWORD"));
    EXPECT_THAT(result.error(), Not(HasSubstr("hunter2")));
  }
}

TEST(CheckUrl, RefusesWhatIsNoAddressOfAServer) {
  for (const char* url :
       {"http://", "http:///x", "http://:80", "http://tb:0", "http://tb:65536",
        "http://tb:", "http://tb:x", "http://t b", "http://tb/a b", "http://tb?x=1", "http://tb#x",
        "http://[::1", "http://[::1]8080", "http://[tb]", "http://", ""}) {
    EXPECT_FALSE(check_url(url)) << url;
  }
}

TEST(CheckHost, TakesNamesAndAddresses) {
  EXPECT_EQ(check_host("tb.example.org"), "tb.example.org");
  EXPECT_EQ(check_host("127.0.0.1"), "127.0.0.1");
  EXPECT_EQ(check_host("::1"), "::1");
  EXPECT_EQ(check_host("[::1]"), "::1");
}

TEST(CheckHost, SaysWhatBelongsElsewhere) {
  EXPECT_THAT(check_host("mqtt://tb").error(), HasSubstr("without scheme"));
  EXPECT_THAT(check_host("tb:1883").error(), HasSubstr("port"));
  EXPECT_FALSE(check_host("t b"));
}

TEST(CheckText, RefusesWhatBreaksJsonOrTerminals) {
  EXPECT_TRUE(check_text("Fühler 7"));
  EXPECT_TRUE(check_text(""));
  EXPECT_FALSE(check_text("a\nb"));
  EXPECT_FALSE(check_text("\x1b[31m"));
  EXPECT_FALSE(check_text("\xff"));
}

TEST(CheckUuid, WantsTheUsualForm) {
  EXPECT_TRUE(check_uuid("784f394c-42b6-435a-983c-b7beff2784f9"));
  for (const char* bad :
       {"784f394c42b6435a983cb7beff2784f9", "x84f394c-42b6-435a-983c-b7beff2784f9",
        "784f394c-42b6-435a-983c-b7beff2784f", "sensor"}) {
    EXPECT_FALSE(check_uuid(bad)) << bad;
  }
}

TEST(InQuotes, ShowsWhatCannotBeSeenAndShortensWhatIsLong) {
  EXPECT_EQ(in_quotes("a\x1b"
                      "b"),
            "\"a\\x1bb\"");
  EXPECT_EQ(in_quotes("\xff"), "\"\\xff\"");
  EXPECT_EQ(in_quotes("ä"), "\"ä\"");
  EXPECT_THAT(in_quotes(std::string(1000, 'x')), testing::EndsWith("x...\""));
}

}  // namespace
}  // namespace stresskit::config
