#include "stresskit/support/format.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace stresskit::support {
namespace {

using namespace std::chrono_literals;

TEST(FormatDuration, SaysThreeDigitsInTheUnitPeopleUse) {
  EXPECT_EQ(format_duration(850us), "850 us");
  EXPECT_EQ(format_duration(12'345us), "12.3 ms");
  EXPECT_EQ(format_duration(5ms), "5 ms");
  EXPECT_EQ(format_duration(4'200ms), "4.2 s");
  EXPECT_EQ(format_duration(200s), "3 min 20 s");
  EXPECT_EQ(format_duration(2h + 5min), "2 h 5 min");
  EXPECT_EQ(format_duration(0s), "0 us");
}

TEST(FromSeconds, WhatNanosecondsCannotCountIsTheLongest) {
  EXPECT_EQ(from_seconds(1.5), 1'500ms);
  EXPECT_EQ(from_seconds(1e300), std::chrono::nanoseconds::max());
  EXPECT_EQ(from_seconds(-1e300), -std::chrono::nanoseconds::max());
  EXPECT_EQ(from_seconds(std::numeric_limits<double>::quiet_NaN()), 0s);
}

TEST(FormatBytes, UsesDecimalUnits) {
  EXPECT_EQ(format_bytes(512), "512 B");
  EXPECT_EQ(format_bytes(1'400'000), "1.4 MB");
}

TEST(ParseDuration, TakesWhatPeopleWrite) {
  EXPECT_EQ(parse_duration("90"), 90s);
  EXPECT_EQ(parse_duration("1.5s"), 1'500ms);
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("2m"), 2min);
  EXPECT_EQ(parse_duration("1h"), 1h);
}

TEST(ParseDuration, RefusesTheRestWithWhatWasExpected) {
  for (const char* text : {"", "s", "1x", "1 s", "ten", "1e30", "nan", "inf", "0x10", "1s2"}) {
    const auto result = parse_duration(text);
    ASSERT_FALSE(result) << text;
    EXPECT_NE(result.error().find("duration"), std::string::npos);
  }
}

TEST(FormatUtcCompact, IsTheFirstHalfOfARunId) {
  EXPECT_EQ(format_utc_compact(Wall::time_point(1'795'428'900s)), "20261123T101500Z");
}

}  // namespace
}  // namespace stresskit::support
