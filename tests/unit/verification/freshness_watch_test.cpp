#include "stresskit/verification/freshness_watch.hpp"

#include <gtest/gtest.h>

namespace stresskit::verification {
namespace {

Newest newest(std::size_t probe, std::uint64_t k, double age) {
  return {probe, k, static_cast<double>(k), static_cast<double>(k) + age};
}

TEST(FreshnessWatch, ABurstIsStoredWhenTheLastProbeHasIt) {
  FreshnessWatch watch(2, 1);
  watch.note(newest(0, 3, 0.2));
  EXPECT_FALSE(watch.figures().stored_k);
  watch.note(newest(1, 3, 0.7));
  EXPECT_EQ(watch.figures().stored_k, 3U);
  EXPECT_NEAR(watch.figures().drain_s, 0.7, 1e-9);
  EXPECT_NEAR(watch.drains_ms().at(3), 700, 1e-6);
}

TEST(FreshnessWatch, ProbesAtDifferentBurstsAreWhereTheSlowestIs) {
  FreshnessWatch watch(2, 1);
  watch.note({.probe = 0, .k = 4, .due = 4, .seen = 6});
  watch.note({.probe = 1, .k = 5, .due = 5, .seen = 6.5});
  EXPECT_EQ(watch.figures().stored_k, 4U);
  EXPECT_NEAR(watch.figures().drain_s, 2.5, 1e-9);
}

TEST(FreshnessWatch, LookingAgainAtTheSameBurstChangesNoDrain) {
  FreshnessWatch watch(1, 1);
  watch.note(newest(0, 3, 0.2));
  watch.note(newest(0, 3, 0.9));
  EXPECT_NEAR(watch.figures().drain_s, 0.2, 1e-9);
  EXPECT_EQ(watch.figures().age.count, 2U);
}

TEST(FreshnessWatch, ABacklogThatGrowsShowsItsSlope) {
  FreshnessWatch watch(1, 1);
  for (std::uint64_t k = 0; k < 10; ++k) {
    watch.note(newest(0, k, 1.0 + 0.4 * static_cast<double>(k)));
  }
  EXPECT_NEAR(watch.figures().growth_s_a_burst, 0.4, 1e-9);
}

TEST(FreshnessWatch, AnIdleServerHasNoSlope) {
  FreshnessWatch watch(1, 1);
  for (std::uint64_t k = 0; k < 10; ++k) {
    watch.note(newest(0, k, 0.05));
  }
  EXPECT_NEAR(watch.figures().growth_s_a_burst, 0, 1e-9);
}

TEST(FreshnessWatch, WithoutNumbersThereAreAgesButNoDrains) {
  FreshnessWatch watch(1, 1);
  watch.note({0, std::nullopt, 10, 10.5});
  EXPECT_FALSE(watch.figures().stored_k);
  EXPECT_EQ(watch.figures().age.count, 1U);
}

TEST(FreshnessWatch, LateIsOnlyWhatALookDidNotFindLongAfterItWasDue) {
  FreshnessWatch watch(1, 1);
  watch.note({.probe = 0, .k = 4, .due = 4, .seen = 4.5, .asked = 4.4});
  // REST hung for ten seconds: nobody knows when burst 5 was stored.
  watch.note({.probe = 0, .k = 5, .due = 5, .seen = 15, .asked = 5.4});
  EXPECT_FALSE(watch.figures().late_from);
  watch.note({.probe = 0, .k = 5, .due = 5, .seen = 19.2, .asked = 19.1});
  watch.note({.probe = 0, .k = 17, .due = 17, .seen = 20.2, .asked = 20.1});
  EXPECT_FALSE(watch.figures().late_from) << "it may be two seconds late, no more";
  watch.note({.probe = 0, .k = 17, .due = 17, .seen = 21.6, .asked = 21.5});
  watch.note({.probe = 0, .k = 18, .due = 18, .seen = 22.6, .asked = 22.5});
  EXPECT_EQ(watch.figures().late_from, 18U);
}

}  // namespace
}  // namespace stresskit::verification
