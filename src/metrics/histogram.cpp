#include "stresskit/metrics/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <utility>

namespace stresskit::metrics {

namespace {

// 2,048 sub-buckets tell values apart to one part in 1,024 and better: 3 significant digits.
constexpr int sub_bucket_bits = 11;
constexpr std::int64_t sub_buckets = std::int64_t{1} << sub_bucket_bits;
constexpr std::int64_t half = sub_buckets / 2;

/// Below 2,048 the index is the value; above, each doubling adds 1,024 buckets.
constexpr std::size_t index_of(std::int64_t us) {
  const int doublings = std::max(
      0, static_cast<int>(std::bit_width(static_cast<std::uint64_t>(us))) - sub_bucket_bits);
  return static_cast<std::size_t>(doublings * half + (us >> doublings));
}

/// The largest value that shares the bucket.
constexpr std::int64_t upper_end(std::size_t index) {
  const auto i = static_cast<std::int64_t>(index);
  if (i < sub_buckets) {
    return i;
  }
  const std::int64_t doublings = i / half - 1;
  const std::int64_t start = (i - doublings * half) << doublings;
  return start + (std::int64_t{1} << doublings) - 1;
}

static_assert(upper_end(index_of(2'047)) == 2'047);
static_assert(upper_end(index_of(2'048)) == 2'049);
static_assert(upper_end(index_of(Histogram::longest_us)) >= Histogram::longest_us);
// To the end of a doubling, as record_us grows.
static_assert(Histogram::most_buckets == (index_of(Histogram::longest_us) / half + 1) * half);

}  // namespace

void Histogram::record_us(std::int64_t microseconds, std::uint64_t times) {
  const std::int64_t us = std::clamp<std::int64_t>(microseconds, 0, longest_us);
  const std::size_t index = index_of(us);
  if (index >= counts_.size()) {
    // To the end of the doubling, so that a rising latency does not grow it step by step.
    counts_.resize((index / half + 1) * half);
  }
  counts_[index] += times;
  count_ += times;
  max_us_ = std::max(max_us_, us);
  sum_us_ += static_cast<double>(us) * static_cast<double>(times);
}

void Histogram::merge(const Histogram& other) {
  counts_.resize(std::max(counts_.size(), other.counts_.size()));
  std::transform(other.counts_.begin(), other.counts_.end(), counts_.begin(), counts_.begin(),
                 std::plus<>());
  count_ += other.count_;
  max_us_ = std::max(max_us_, other.max_us_);
  sum_us_ += other.sum_us_;
}

std::uint64_t Histogram::count_up_to(Duration value) const {
  const std::int64_t us = std::clamp<std::int64_t>(value.count() / 1'000, 0, longest_us);
  const std::size_t end = std::min(index_of(us) + 1, counts_.size());
  return std::accumulate(counts_.begin(), counts_.begin() + static_cast<std::ptrdiff_t>(end),
                         std::uint64_t{0});
}

std::optional<Histogram> Histogram::from_buckets(std::vector<std::uint64_t> buckets,
                                                 std::int64_t max_us, double sum_us) {
  const bool possible = buckets.size() <= most_buckets && max_us >= 0 && max_us <= longest_us &&
                        std::isfinite(sum_us) && sum_us >= 0;
  if (!possible) {
    return std::nullopt;
  }
  Histogram histogram;
  histogram.count_ = std::accumulate(buckets.begin(), buckets.end(), std::uint64_t{0});
  histogram.counts_ = std::move(buckets);
  histogram.max_us_ = max_us;
  histogram.sum_us_ = sum_us;
  return histogram;
}

Histogram::Duration Histogram::mean() const {
  const double us = count_ == 0 ? 0 : sum_us_ / static_cast<double>(count_);
  return Duration(static_cast<std::int64_t>(us * 1e3));
}

Histogram::Duration Histogram::percentile(double fraction) const {
  // Nearest rank: the smallest value that at least `fraction` of all values do not exceed.
  const auto rank = std::max<std::uint64_t>(
      1, static_cast<std::uint64_t>(std::ceil(fraction * static_cast<double>(count_))));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    seen += counts_[i];
    if (seen >= rank) {
      return std::chrono::microseconds(std::min(upper_end(i), max_us_));
    }
  }
  return {};
}

void Histogram::for_each(const std::function<void(Duration, std::uint64_t)>& visit) const {
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] > 0) {
      visit(std::chrono::microseconds(upper_end(i)), counts_[i]);
    }
  }
}

}  // namespace stresskit::metrics
