#include "stresskit/metrics/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <functional>
#include <random>
#include <vector>

namespace stresskit::metrics {
namespace {

using namespace std::chrono_literals;

TEST(Histogram, AnEmptyOneAnswersZero) {
  const Histogram histogram;
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.percentile(0.99), 0ns);
  EXPECT_EQ(histogram.max(), 0ns);
  EXPECT_EQ(histogram.mean(), 0ns);
}

TEST(Histogram, ValuesBelowTwoMillisecondsAreExactToTheMicrosecond) {
  Histogram histogram;
  for (int us = 1; us <= 2'000; ++us) {
    histogram.record(std::chrono::microseconds(us));
  }
  EXPECT_EQ(histogram.percentile(0.5), 1'000us);
  EXPECT_EQ(histogram.percentile(0.999), 1'998us);
  EXPECT_EQ(histogram.percentile(1), 2'000us);
}

TEST(Histogram, WhatIsBeyondAnHourCountsAsAnHour) {
  Histogram histogram;
  histogram.record(100h);
  EXPECT_EQ(histogram.max(), 1h);
  EXPECT_EQ(histogram.percentile(0.5), 1h);
}

TEST(Histogram, ANegativeDurationCountsAsZero) {
  Histogram histogram;
  histogram.record(-5ms);
  EXPECT_EQ(histogram.percentile(1), 0ns);
}

// Exact answers by sorting, for three shapes of a million values: uniform, long-tailed, two humps.
class HistogramAgainstSorting : public testing::TestWithParam<int> {
 protected:
  static std::vector<std::int64_t> values(int shape) {
    std::mt19937_64 random(42);
    std::vector<std::int64_t> us(1'000'000);
    std::uniform_int_distribution<std::int64_t> uniform(1, 3'600'000'000);
    std::lognormal_distribution<double> tail(9, 2);
    std::normal_distribution<double> low(800, 50);
    std::normal_distribution<double> high(2e6, 1e5);
    for (std::int64_t& value : us) {
      if (shape == 0) {
        value = uniform(random);
      } else if (shape == 1) {
        value = std::llround(std::min(tail(random), 3.6e9));
      } else {
        value = std::llround(std::max(0.0, random() % 10 == 0 ? high(random) : low(random)));
      }
    }
    return us;
  }
};

TEST_P(HistogramAgainstSorting, EveryPercentileHasThreeSignificantDigits) {
  std::vector<std::int64_t> us = values(GetParam());
  Histogram histogram;
  for (const std::int64_t value : us) {
    histogram.record_us(value);
  }
  std::sort(us.begin(), us.end());
  for (const double fraction : {0.001, 0.1, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 1.0}) {
    const auto rank = static_cast<std::size_t>(std::ceil(fraction * 1e6));
    const std::int64_t exact = us[std::max<std::size_t>(rank, 1) - 1];
    const std::int64_t answered = histogram.percentile(fraction).count() / 1'000;
    EXPECT_GE(answered, exact) << "an understatement at " << fraction;
    EXPECT_LE(static_cast<double>(answered), static_cast<double>(exact) * 1.001 + 1)
        << "at " << fraction;
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, HistogramAgainstSorting, testing::Values(0, 1, 2));

TEST(Histogram, MergingEqualsRecordingEverythingInOne) {
  Histogram all;
  Histogram one;
  Histogram two;
  for (int i = 0; i < 10'000; ++i) {
    const std::int64_t us = i * 37;
    all.record_us(us);
    (i % 3 == 0 ? one : two).record_us(us);
  }
  one.merge(two);
  EXPECT_EQ(one.count(), all.count());
  EXPECT_EQ(one.max(), all.max());
  EXPECT_EQ(one.mean(), all.mean());
  for (const double fraction : {0.1, 0.5, 0.99}) {
    EXPECT_EQ(one.percentile(fraction), all.percentile(fraction));
  }
}

TEST(Histogram, BucketsAddUpToTheCount) {
  Histogram histogram;
  histogram.record(1ms);
  histogram.record(1ms);
  histogram.record(5s);
  std::uint64_t total = 0;
  Histogram::Duration last{};
  histogram.for_each([&](Histogram::Duration upper, std::uint64_t count) {
    EXPECT_GT(upper, last);
    last = upper;
    total += count;
  });
  EXPECT_EQ(total, 3U);
}

/// A million values of a shape, and every percentile against exact sorting.
void compare_with_sorting(const std::function<double(std::mt19937_64&)>& shape) {
  std::mt19937_64 random(4711);
  Histogram histogram;
  std::vector<std::int64_t> exact;
  for (int i = 0; i < 1'000'000; ++i) {
    const auto us = std::clamp<std::int64_t>(std::llround(shape(random)), 0, 3'600'000'000);
    histogram.record_us(us);
    exact.push_back(us);
  }
  std::sort(exact.begin(), exact.end());
  for (const double fraction : {0.001, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 1.0}) {
    const auto rank = static_cast<std::size_t>(std::ceil(fraction * 1e6)) - 1;
    const auto us = static_cast<double>(exact[rank]);
    const double reported = static_cast<double>(histogram.percentile(fraction).count()) / 1e3;
    EXPECT_GE(reported, us) << fraction << ": never an understatement";
    EXPECT_LE(reported, us + std::max(1.0, us / 1'000)) << fraction << ": 3 significant digits";
  }
}

TEST(Histogram, AgreesWithSortingUniformValues) {
  compare_with_sorting(
      [](auto& random) { return std::uniform_real_distribution<>(0, 5e6)(random); });
}

TEST(Histogram, AgreesWithSortingLogNormalValues) {
  compare_with_sorting([](auto& random) { return std::lognormal_distribution<>(8, 2)(random); });
}

TEST(Histogram, AgreesWithSortingTwoHumpsFarApart) {
  compare_with_sorting([](auto& random) {
    const bool slow = std::bernoulli_distribution(0.02)(random);
    return slow ? std::normal_distribution<>(3e9, 1e8)(random)
                : std::normal_distribution<>(1'500, 300)(random);
  });
}

TEST(Histogram, AgreesWithSortingAHeavyTail) {
  compare_with_sorting([](auto& random) {
    return 100 / std::pow(std::uniform_real_distribution<>(1e-6, 1)(random), 1.1);
  });
}

TEST(Histogram, IsTheSameAfterItWasWrittenAndRead) {
  Histogram histogram;
  histogram.record_us(3);
  histogram.record_us(5'000, 7);
  const auto read =
      Histogram::from_buckets(histogram.buckets(), histogram.max_us(), histogram.sum_us());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->count(), 8U);
  EXPECT_EQ(read->percentile(0.9), histogram.percentile(0.9));
  EXPECT_EQ(read->mean(), histogram.mean());
  EXPECT_FALSE(Histogram::from_buckets(std::vector<std::uint64_t>(1'000'000), 1, 1));
  EXPECT_FALSE(Histogram::from_buckets({1}, -1, 1));
}

TEST(Histogram, CountsUpToAValue) {
  Histogram histogram;
  histogram.record_us(1'000);
  histogram.record_us(1'001, 3);
  histogram.record_us(9'000'000);
  EXPECT_EQ(histogram.count_up_to(std::chrono::microseconds(999)), 0U);
  EXPECT_EQ(histogram.count_up_to(std::chrono::microseconds(1'000)), 1U);
  EXPECT_EQ(histogram.count_up_to(std::chrono::microseconds(1'001)), 4U);
  EXPECT_EQ(histogram.count_up_to(std::chrono::hours(1)), 5U);
}

}  // namespace
}  // namespace stresskit::metrics
