#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace stresskit::metrics {

/// Counts of durations in log-linear buckets: 3 significant digits from 1 us to 1 h, as
/// HdrHistogram lays them out (http://hdrhistogram.org): exact below 2,048 us, then 1,024 buckets
/// for every doubling. Shorter counts as 0, longer as 1 h.
///
/// Histograms are merged by adding them and never averaged. Memory reaches only as far as the
/// largest value recorded: 16 KB for 2 ms, 8 KB more for every doubling.
///
/// Threads: none; one owner.
class Histogram {
 public:
  using Duration = std::chrono::nanoseconds;

  static constexpr std::int64_t longest_us = 3'600'000'000;
  static constexpr std::size_t most_buckets = 23'552;  ///< what `longest_us` needs

  void record(Duration value, std::uint64_t times = 1) { record_us(value.count() / 1'000, times); }
  void record_us(std::int64_t microseconds, std::uint64_t times = 1);
  void merge(const Histogram& other);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] Duration max() const { return std::chrono::microseconds(max_us_); }
  [[nodiscard]] Duration mean() const;  ///< zero when empty

  /// The value that `fraction` (0..1) of the recorded ones do not exceed: the upper end of its
  /// bucket, so never an understatement; zero when empty.
  [[nodiscard]] Duration percentile(double fraction) const;

  /// How many values do not exceed `value`, give or take a bucket.
  [[nodiscard]] std::uint64_t count_up_to(Duration value) const;

  // --- as files hold it: docs/formats.md

  /// Counts by bucket, smallest first, as far as any was needed.
  [[nodiscard]] const std::vector<std::uint64_t>& buckets() const { return counts_; }
  [[nodiscard]] std::int64_t max_us() const { return max_us_; }
  [[nodiscard]] double sum_us() const { return sum_us_; }
  /// What was written; nothing when no histogram can look like that.
  [[nodiscard]] static std::optional<Histogram> from_buckets(std::vector<std::uint64_t> buckets,
                                                             std::int64_t max_us, double sum_us);

  /// Calls `visit(upper end, count)` for every bucket that is not empty, smallest first.
  void for_each(const std::function<void(Duration, std::uint64_t)>& visit) const;

 private:
  std::vector<std::uint64_t> counts_;  ///< by bucket, as far as any was needed
  std::uint64_t count_ = 0;
  std::int64_t max_us_ = 0;
  double sum_us_ = 0;
};

}  // namespace stresskit::metrics
