#include "config/value.hpp"

#include "support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <fstream>

namespace stresskit::config {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr Key count{.type = Type::count, .range = {1, 500}};
constexpr Key port{.type = Type::count, .range = {1, 65'535}};
constexpr Key rate{.type = Type::number, .range = {0, 1000}};
constexpr Key interval{.type = Type::duration, .range = {0.05, 3600}, .unit = "s"};
constexpr Key keep_alive{.type = Type::whole_seconds, .range = {1, 65'535}, .unit = "s"};
constexpr Key refresh{.type = Type::milliseconds, .range = {100, 3'600'000}, .unit = "ms"};
constexpr Key flag{.type = Type::boolean};
constexpr Key version{.type = Type::choice, .choices = "3.1.1|5"};
constexpr Key file{.type = Type::file};

TEST(ParseValue, TakesTheEndsOfARange) {
  EXPECT_EQ(parse_value(count, "1")->count, 1U);
  EXPECT_EQ(parse_value(count, "500")->count, 500U);
  EXPECT_EQ(parse_value(interval, "0.05")->duration, 50ms);
  EXPECT_EQ(parse_value(interval, "3600")->duration, 1h);
}

TEST(ParseValue, RefusesWhatLiesBeyondTheRange) {
  for (const char* text : {"0", "-3", "501", "99999999999999999999999"}) {
    EXPECT_FALSE(parse_value(count, text)) << text;
  }
  EXPECT_FALSE(parse_value(port, "0"));
  EXPECT_FALSE(parse_value(port, "65536"));
  EXPECT_FALSE(parse_value(interval, "0.049"));
  EXPECT_FALSE(parse_value(interval, "3601"));
  EXPECT_FALSE(parse_value(interval, "61m"));
}

TEST(ParseValue, RefusesWhatIsNoNumber) {
  for (const char* text : {"abc", "50 devices", "5.0", "0x10", "1,000", "+5", "1e2", "-", ""}) {
    EXPECT_FALSE(parse_value(count, text)) << text;
  }
  for (const char* text : {"nan", "inf", "1.2.3", "", "2m"}) {
    EXPECT_FALSE(parse_value(rate, text)) << text;
  }
  for (const char* text : {"fast", "s", "1 minute", "", "nan", "inf", "1d"}) {
    EXPECT_FALSE(parse_value(interval, text)) << text;
  }
}

TEST(ParseValue, SaysWhatIsWantedAndWhatItGot) {
  EXPECT_EQ(parse_value(count, "abc").error(), "must be a whole number from 1 to 500, not \"abc\"");
  EXPECT_THAT(parse_value(interval, "x").error(), HasSubstr("from 0.05 to 3600 s, not \"x\""));
}

TEST(ParseValue, TakesDurationsWithUnits) {
  EXPECT_EQ(parse_value(interval, "90")->duration, 90s);
  EXPECT_EQ(parse_value(interval, "90s")->duration, 90s);
  EXPECT_EQ(parse_value(interval, "2m")->duration, 2min);
  EXPECT_EQ(parse_value(interval, "250ms")->duration, 250ms);
  EXPECT_EQ(parse_value(interval, " 1.5 ")->duration, 1500ms);
}

TEST(ParseValue, ReadsBareMillisecondsWhereTheKeySaysSo) {
  EXPECT_EQ(parse_value(refresh, "2000")->duration, 2s);
  EXPECT_EQ(parse_value(refresh, "2s")->duration, 2s);
  EXPECT_FALSE(parse_value(refresh, "99"));
}

TEST(ParseValue, TakesListsWithCommas) {
  constexpr Key list{.type = Type::list};
  EXPECT_THAT(parse_value(list, " a , b c,, ")->list, testing::ElementsAre("a", "b c"));
  EXPECT_THAT(parse_value(list, "")->list, testing::IsEmpty());
  EXPECT_FALSE(parse_value(list, "a\nb"));
}

TEST(ParseValue, TakesStages) {
  constexpr Key stages{.type = Type::stages};
  const auto value = parse_value(stages, "100@30s, 500@1.5m");
  ASSERT_TRUE(value);
  ASSERT_EQ(value->stages.size(), 2U);
  EXPECT_EQ(value->stages[0].devices, 100U);
  EXPECT_EQ(value->stages[1].duration, 90s);
  for (const char* text : {"100", "@30s", "0@30s", "100@0", "100@", "100@fast", "-1@3s", "a@3s"}) {
    EXPECT_THAT(parse_value(stages, text).error(), HasSubstr("must be stages like 100@30s"))
        << text;
  }
}

TEST(ParseValue, RefusesFractionsWhereTheProtocolHasWholeSeconds) {
  EXPECT_EQ(parse_value(keep_alive, "1m")->duration, 60s);
  EXPECT_THAT(parse_value(keep_alive, "1.5").error(), HasSubstr("whole seconds"));
}

TEST(ParseValue, TakesBooleansInEverySpelling) {
  for (const char* text : {"1", "true", "YES", "On"}) {
    EXPECT_TRUE(parse_value(flag, text)->yes) << text;
  }
  for (const char* text : {"0", "False", "no", "OFF"}) {
    EXPECT_FALSE(parse_value(flag, text)->yes) << text;
  }
  EXPECT_FALSE(parse_value(flag, "2"));
}

TEST(ParseValue, ListsTheWordsOfAChoice) {
  EXPECT_EQ(parse_value(version, "5")->text, "5");
  EXPECT_EQ(parse_value(version, "4").error(), "must be 3.1.1 or 5, not \"4\"");
  EXPECT_FALSE(parse_value(version, "3.1.1|5"));
}

TEST(ParseValue, WantsAFileThatCanBeRead) {
  const test::TempDir folder;
  const auto path = folder.path() / "ca.pem";
  std::ofstream(path) << "x";
  EXPECT_EQ(parse_value(file, path.string())->text, path.string());
  EXPECT_THAT(parse_value(file, (folder.path() / "missing").string()).error(),
              HasSubstr("No such file"));
  EXPECT_THAT(parse_value(file, folder.path().string()).error(), HasSubstr("directory"));
}

}  // namespace
}  // namespace stresskit::config
