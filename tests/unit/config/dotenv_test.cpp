#include "config/dotenv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stresskit::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

std::vector<std::pair<std::string, std::string>> pairs(std::string_view text) {
  const Dotenv file = parse_dotenv(text);
  for (const auto& problem : file.problems) {
    ADD_FAILURE() << problem.line << ": " << problem.what;
  }
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& entry : file.entries) {
    found.emplace_back(entry.key, entry.value);
  }
  return found;
}

std::string value_of(std::string_view line) {
  const auto found = pairs(line);
  return found.size() == 1 ? found.front().second : "(not one entry)";
}

TEST(Dotenv, ReadsKeysAndValues) {
  EXPECT_THAT(pairs("A=1\n\n  \nB_2=two words\n"),
              ElementsAre(Pair("A", "1"), Pair("B_2", "two words")));
}

TEST(Dotenv, ReadsTheLastLineWithoutItsEnd) {
  EXPECT_EQ(value_of("A=1"), "1");
}

TEST(Dotenv, IgnoresBlanksAroundKeyAndValue) {
  EXPECT_EQ(value_of("  A \t=  1  "), "1");
}

TEST(Dotenv, IgnoresCarriageReturnsAndTheByteOrderMark) {
  EXPECT_THAT(pairs("\xef\xbb\xbf"
                    "A=1\r\n\r\nB=\"2\"\r\n"),
              ElementsAre(Pair("A", "1"), Pair("B", "2")));
}

TEST(Dotenv, IgnoresExport) {
  EXPECT_THAT(pairs("export A=1\n export\tB=2\nexported=3"),
              ElementsAre(Pair("A", "1"), Pair("B", "2"), Pair("exported", "3")));
}

TEST(Dotenv, TakesCommentsOfWholeLinesAndBehindABlank) {
  EXPECT_THAT(pairs("# A=0\n  # indented\nA=1 # one\nB=2\t#two"),
              ElementsAre(Pair("A", "1"), Pair("B", "2")));
  EXPECT_EQ(value_of("A= # nothing"), "");
}

TEST(Dotenv, KeepsAHashInsideAWord) {
  EXPECT_EQ(value_of("A=pass#word"), "pass#word");
  EXPECT_EQ(value_of("A=#password"), "#password");
}

TEST(Dotenv, KeepsEqualsSignsAndQuotesInsideAValue) {
  EXPECT_EQ(value_of("A=b=c=="), "b=c==");
  EXPECT_EQ(value_of("A=it's"), "it's");
}

TEST(Dotenv, TakesEmptyValues) {
  EXPECT_EQ(value_of("A="), "");
  EXPECT_EQ(value_of("A=''"), "");
  EXPECT_EQ(value_of("A=\"\""), "");
}

TEST(Dotenv, TakesSingleQuotesAsTheyStand) {
  EXPECT_EQ(value_of(R"(A=' a # \n "b" ' # comment)"), R"( a # \n "b" )");
}

TEST(Dotenv, UnderstandsEscapesInDoubleQuotes) {
  EXPECT_EQ(value_of(R"(A="a\"b\\c\n\t\$d \q" # comment)"), "a\"b\\c\n\t$d \\q");
}

TEST(Dotenv, ExpandsNothing) {
  EXPECT_EQ(value_of("A=$HOME/${B}"), "$HOME/${B}");
}

TEST(Dotenv, CountsLines) {
  const Dotenv file = parse_dotenv("# first\r\n\r\nA=1\nB=2");
  ASSERT_EQ(file.entries.size(), 2U);
  EXPECT_EQ(file.entries[0].line, 3U);
  EXPECT_EQ(file.entries[1].line, 4U);
}

TEST(Dotenv, KeepsEveryOccurrenceOfAKey) {
  EXPECT_THAT(pairs("A=1\nA=2"), ElementsAre(Pair("A", "1"), Pair("A", "2")));
}

TEST(Dotenv, ReportsEveryLineThatMakesNoSenseAndReadsTheOthers) {
  const Dotenv file = parse_dotenv("no equals sign\nA=1\n=2\nB C=3\nD=\"open\nE='a' b\n9=1\n");
  std::vector<std::size_t> lines;
  for (const auto& problem : file.problems) {
    lines.push_back(problem.line);
  }
  EXPECT_THAT(lines, ElementsAre(1, 3, 4, 5, 6, 7));
  ASSERT_EQ(file.entries.size(), 1U);
  EXPECT_EQ(file.entries[0].key, "A");
}

TEST(Dotenv, NeverShowsAValueInAProblem) {
  for (const char* line : {"TB_PASSWORD=\"hunter2", "TB_PASSWORD='a' hunter2", "hunter2"}) {
    const Dotenv file = parse_dotenv(line);
    ASSERT_EQ(file.problems.size(), 1U);
    EXPECT_THAT(file.problems.front().what, Not(HasSubstr("hunter2")));
  }
}

TEST(Dotenv, RefusesFilesThatAreNoText) {
  const Dotenv file =
      parse_dotenv(std::string_view("\xff\xfe"
                                    "A\0=\0",
                                    6));
  EXPECT_THAT(file.entries, IsEmpty());
  ASSERT_EQ(file.problems.size(), 1U);
  EXPECT_THAT(file.problems.front().what, HasSubstr("UTF-8"));
}

}  // namespace
}  // namespace stresskit::config
