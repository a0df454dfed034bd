#include "stresskit/burst/plan.hpp"

#include <gtest/gtest.h>

namespace stresskit::burst {
namespace {

using namespace std::chrono_literals;

config::Burst every(config::Duration interval) {
  config::Burst settings;
  settings.interval = interval;
  return settings;
}

TEST(Plan, CountsTheBurstsThatAreDueWithinTheDuration) {
  const auto bursts = [](config::Duration interval, config::Duration duration) {
    config::Burst settings = every(interval);
    settings.duration = duration;
    return Plan(settings, 1).bursts();
  };
  EXPECT_EQ(bursts(1s, 20s), 20U);
  EXPECT_EQ(bursts(1s, 20'001ms), 21U);
  EXPECT_EQ(bursts(3s, 1s), 1U);
}

TEST(Plan, TheSmallerOfDurationAndBurstsCounts) {
  config::Burst settings = every(1s);
  EXPECT_EQ(Plan(settings, 1).bursts(), Plan::endless);
  settings.duration = 20s;
  settings.bursts = 5;
  EXPECT_EQ(Plan(settings, 1).bursts(), 5U);
}

TEST(Plan, WithoutStagesEverybodyTakesPartUntilTheEnd) {
  config::Burst settings = every(1s);
  settings.bursts = 2;
  const Plan plan(settings, 500);
  EXPECT_EQ(plan.taking_part(0), 500U);
  EXPECT_EQ(plan.taking_part(1), 500U);
  EXPECT_EQ(plan.taking_part(2), 0U);
}

TEST(Plan, StagesFollowEachOther) {
  config::Burst settings = every(2s);
  settings.stages = {{100, 5s}, {500, 4s}, {50, 1s}};
  const Plan plan(settings, 500);
  ASSERT_EQ(plan.bursts(), 6U) << "3 + 2 + 1";
  const std::size_t expected[] = {100, 100, 100, 500, 500, 50, 0};
  for (std::uint64_t k = 0; k < std::size(expected); ++k) {
    EXPECT_EQ(plan.taking_part(k), expected[k]) << k;
  }
}

}  // namespace
}  // namespace stresskit::burst
