#include "stresskit/metrics/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
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

}  // namespace
}  // namespace stresskit::metrics
