#include "stresskit/metrics/collapse.hpp"

#include <gtest/gtest.h>

namespace stresskit::metrics {
namespace {

using namespace std::chrono_literals;
using support::Mono;

constexpr Mono::time_point start{1000s};

TEST(CollapseWatch, NobodyEverConnectedIsNoCollapse) {
  CollapseWatch watch;
  watch.connected_is(0, start);
  EXPECT_TRUE(watch.collapses().empty());
}

TEST(CollapseWatch, OnlyTheFallToZeroIsACollapse) {
  CollapseWatch watch;
  watch.connected_is(100, start);
  watch.connected_is(1, start + 1s);
  EXPECT_TRUE(watch.collapses().empty());
  watch.connected_is(0, start + 2s);
  ASSERT_EQ(watch.collapses().size(), 1U);
  EXPECT_EQ(watch.collapses()[0].at, start + 2s);
  EXPECT_FALSE(watch.collapses()[0].recovered);
}

TEST(CollapseWatch, RecoveredMeansNinetyNinePercentOfTheHighestBefore) {
  CollapseWatch watch;
  watch.connected_is(200, start);
  watch.connected_is(0, start + 1s);
  watch.connected_is(197, start + 2s);
  EXPECT_FALSE(watch.collapses()[0].recovered);
  watch.connected_is(198, start + 3s);
  EXPECT_EQ(watch.collapses()[0].recovered, start + 3s);
}

TEST(CollapseWatch, ASecondFallAfterARecoveryIsASecondCollapse) {
  CollapseWatch watch;
  watch.connected_is(1, start);
  watch.connected_is(0, start + 1s);
  watch.connected_is(1, start + 2s);
  watch.connected_is(0, start + 3s);
  ASSERT_EQ(watch.collapses().size(), 2U);
  EXPECT_EQ(watch.collapses()[1].at, start + 3s);
}

// Between two zeros without a recovery some devices came and went: still the same collapse.
TEST(CollapseWatch, AHalfRecoveryDoesNotBeginAnotherCollapse) {
  CollapseWatch watch;
  watch.connected_is(100, start);
  watch.connected_is(0, start + 1s);
  watch.connected_is(50, start + 2s);
  watch.connected_is(0, start + 3s);
  EXPECT_EQ(watch.collapses().size(), 1U);
}

}  // namespace
}  // namespace stresskit::metrics
