#include "report/html/chart.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stresskit::report {
namespace {

using testing::ElementsAre;

TEST(DownSampling, KeepsTheSmallestAndTheLargestOfEachStretch) {
  std::vector<Point> points;
  for (int i = 0; i < 10'000; ++i) {
    points.push_back({static_cast<double>(i), 5});
  }
  points[1'234].y = 900;
  points[7'777].y = 0.1;
  const auto fewer = down_sampled(points, 100);
  EXPECT_LE(fewer.size(), 200U);
  const auto has = [&](double x, double y) {
    return std::any_of(fewer.begin(), fewer.end(),
                       [&](const Point& p) { return p.x == x && p.y == y; });
  };
  EXPECT_TRUE(has(1'234, 900));
  EXPECT_TRUE(has(7'777, 0.1));
  EXPECT_TRUE(std::is_sorted(fewer.begin(), fewer.end(),
                             [](const Point& a, const Point& b) { return a.x < b.x; }));
}

TEST(DownSampling, LeavesAFewPointsAsTheyAre) {
  EXPECT_EQ(down_sampled({{0, 1}, {1, 2}, {2, 3}}, 2).size(), 3U);
}

TEST(Steps, AreRoundAndEncloseTheValues) {
  EXPECT_THAT(linear_steps(9.2), ElementsAre(0, 5, 10));
  EXPECT_THAT(linear_steps(500), ElementsAre(0, 200, 400, 600));
  EXPECT_THAT(linear_steps(1), ElementsAre(0, 0.5, 1));
  EXPECT_THAT(log_steps(1.5, 40), ElementsAre(1, 2, 5, 10, 20, 50));
  EXPECT_LE(log_steps(0.001, 3'600'000).size(), 8U);
  EXPECT_GE(linear_steps(0).size(), 2U);
}

}  // namespace
}  // namespace stresskit::report
