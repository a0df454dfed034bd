#include "dashboard/timeline.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stresskit::dashboard {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;

const std::vector<double>& column(const Timeline& timeline, std::string_view name) {
  return timeline.columns.at(timeline.find(name));
}

Timeline parsed(std::string_view csv) {
  Timeline timeline;
  EXPECT_TRUE(add_rows(timeline, csv));
  return timeline;
}

/// `seconds` quiet rows with one second of trouble.
Timeline with_a_drop_at(std::size_t seconds, std::size_t at) {
  std::string csv = "elapsed_s,connected,failed\n";
  for (std::size_t s = 0; s < seconds; ++s) {
    csv += fmt::format("{},{},{}\n", s, s == at ? 3 : 500, s == at ? 497 : 0);
  }
  return parsed(csv);
}

TEST(Timeline, ColumnsAreFoundByNameWhateverTheirOrder) {
  const Timeline timeline = parsed("connected,elapsed_s,new_one\n5,0.5,1\n6,1.5,2\n");
  EXPECT_THAT(column(timeline, "elapsed_s"), ElementsAre(0.5, 1.5));
  EXPECT_THAT(column(timeline, "connected"), ElementsAre(5, 6));
}

TEST(Timeline, TornLastLineIsLeftOut) {
  EXPECT_EQ(parsed("elapsed_s,connected\n0,5\n1,5").rows(), 1U);
  EXPECT_EQ(parsed("elapsed_s,connected\n0,5\n1,").rows(), 1U);
  EXPECT_EQ(parsed("elapsed_s,connected\n").rows(), 0U);
}

TEST(Timeline, RowsThatAreNoNumbersAreSkipped) {
  const Timeline timeline =
      parsed("elapsed_s,connected\n0,5\nx,5\n1\n1,2,3\n2,nan\n3,inf\n4, 5\n5,\r\n6,7\r\n");
  EXPECT_THAT(column(timeline, "elapsed_s"), ElementsAre(0, 6));
}

TEST(Timeline, GrowsWithoutBeingReadAgain) {
  Timeline timeline = parsed("elapsed_s,connected\n0,5\n");
  EXPECT_TRUE(add_rows(timeline, "1,6\n2,7\n"));
  EXPECT_TRUE(add_rows(timeline, ""));
  EXPECT_THAT(column(timeline, "connected"), ElementsAre(5, 6, 7));
}

TEST(Timeline, RowsThatGoBackInTimeAreSkipped) {
  EXPECT_THAT(column(parsed("elapsed_s,connected\n5,1\n3,2\n6,3\n"), "elapsed_s"),
              ElementsAre(5, 6));
}

TEST(Timeline, FileWithoutTheTimeColumnIsRefused) {
  for (const std::string_view csv :
       {std::string_view(""), std::string_view("connected\n5\n"),
        std::string_view("\x00\xff\n\x01\n", 5), std::string_view("elapsed_s,conn")}) {
    Timeline timeline;
    EXPECT_FALSE(add_rows(timeline, csv));
    EXPECT_EQ(timeline.rows(), 0U);
  }
}

TEST(Timeline, CutTakesWhatFollows) {
  const Timeline whole = with_a_drop_at(10, 5);
  EXPECT_THAT(column(cut(whole, 6, 8), "elapsed_s"), ElementsAre(7, 8));
  EXPECT_EQ(cut(whole, 99, 100).rows(), 0U);
}

TEST(Timeline, ShortTimelineStaysWhole) {
  EXPECT_EQ(thin_out(with_a_drop_at(2000, 5), 2000).rows(), 2000U);
}

TEST(Timeline, OneSecondOfTroubleSurvivesInThePictureOfADay) {
  const Timeline thin = thin_out(with_a_drop_at(86'400, 43'210), 2000);
  EXPECT_LE(thin.rows(), 2000U);
  EXPECT_GE(thin.rows(), 1000U);
  EXPECT_THAT(column(thin, "connected"), Contains(3));
  EXPECT_THAT(column(thin, "failed"), Contains(497));
  EXPECT_EQ(column(thin, "elapsed_s").front(), 0);
  EXPECT_EQ(column(thin, "elapsed_s").back(), 86'399);
  EXPECT_TRUE(std::is_sorted(column(thin, "elapsed_s").begin(), column(thin, "elapsed_s").end()));
}

TEST(Timeline, StormyRunKeepsToTheLimitToo) {
  std::string csv = "elapsed_s,connected,disconnected,failed,connecting\n";
  for (int s = 0; s < 10'000; ++s) {
    csv += fmt::format("{},{},{},{},{}\n", s, s * 7 % 501, s * 11 % 499, s * 13 % 97, s * 17 % 31);
  }
  for (const std::size_t points : {10U, 11U, 100U, 2000U}) {
    const Timeline thin = thin_out(parsed(csv), points);
    EXPECT_LE(thin.rows(), points);
    EXPECT_THAT(column(thin, "connected"), Contains(500));
    EXPECT_THAT(column(thin, "connected"), Contains(0));
  }
}

}  // namespace
}  // namespace stresskit::dashboard
