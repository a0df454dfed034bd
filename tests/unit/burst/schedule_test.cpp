#include "stresskit/burst/schedule.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace stresskit::burst {
namespace {

using namespace std::chrono_literals;

constexpr Schedule::Clock::time_point start{10s};

TEST(Schedule, DueTimesDoNotDrift) {
  EXPECT_EQ(Schedule(start, 333ms).due(3'000), start + 999s);
}

TEST(Schedule, ABurstIsTooLateAfterHalfAnIntervalButNeverMoreThanASecond) {
  EXPECT_EQ(Schedule(start, 400ms).too_late(1), start + 600ms);
  EXPECT_EQ(Schedule(start, 60s).too_late(1), start + 61s);
}

TEST(Schedule, AnIntervalMustBePositive) {
  EXPECT_THROW(Schedule(start, 0s), std::invalid_argument);
  EXPECT_THROW(Schedule(start, -1s), std::invalid_argument);
}

}  // namespace
}  // namespace stresskit::burst
