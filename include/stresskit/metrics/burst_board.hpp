#pragma once

#include "stresskit/metrics/figures.hpp"
#include "stresskit/metrics/histogram.hpp"
#include "stresskit/metrics/snapshot.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace stresskit::metrics {

/// All bursts of a run: the open ones with every sample, so that workers merge without loss, the
/// last 120 settled ones as rows, and the run's histograms.
///
/// A burst is *noted* once every worker has written its part: then its release and its spread are
/// final. It is *settled* when none of its messages is in flight any more. It is *late* when its
/// first byte left more than min(20 ms, 5 % of the interval) after it was due, *slow* when its
/// writing lasted longer than a quarter of the interval.
///
/// Threads: none; one owner.
class BurstBoard {
 public:
  static constexpr std::size_t rows_kept = 120;

  BurstBoard(std::size_t workers, Mono::duration interval);

  /// Takes over what a worker noted down. The samples in `acks` belong to bursts that are open.
  void absorb(std::size_t worker, const std::vector<BurstTally>& tallies,
              const std::vector<AckSample>& acks);

  /// The last rows, oldest first. `unix_time` turns a due time into what files say.
  [[nodiscard]] std::vector<BurstRow> rows(
      const std::function<double(Mono::time_point)>& unix_time) const;

  [[nodiscard]] Counters totals() const;

  [[nodiscard]] std::uint64_t due_count() const { return due_count_; }
  [[nodiscard]] std::uint64_t late() const { return late_; }
  [[nodiscard]] std::uint64_t slow() const { return slow_; }
  [[nodiscard]] std::uint64_t missed() const { return missed_; }

  [[nodiscard]] const Histogram& ack_from_due() const { return ack_from_due_; }
  [[nodiscard]] const Histogram& ack_from_write() const { return ack_from_write_; }
  [[nodiscard]] const Histogram& spread() const { return spread_; }
  [[nodiscard]] const Histogram& release_lateness() const { return release_lateness_; }

 private:
  struct Burst {
    std::vector<std::optional<BurstTally>> parts;  ///< by worker
    std::vector<std::uint32_t> from_due_us;
    std::vector<std::uint32_t> from_write_us;
    bool noted = false;
  };
  struct Row {
    Mono::time_point due{};
    BurstRow figures;
  };

  [[nodiscard]] static bool written(const Burst& burst);
  [[nodiscard]] static bool settled(const Burst& burst);
  [[nodiscard]] Row row_of(std::uint64_t k, const Burst& burst) const;
  void note(Burst& burst);
  void sweep();

  std::size_t workers_;
  Mono::duration interval_;
  std::map<std::uint64_t, Burst> open_;
  std::deque<Row> settled_;  ///< in the order of settling
  Counters settled_totals_;
  std::uint64_t due_count_ = 0;
  std::uint64_t late_ = 0;
  std::uint64_t slow_ = 0;
  std::uint64_t missed_ = 0;
  Histogram ack_from_due_;
  Histogram ack_from_write_;
  Histogram spread_;
  Histogram release_lateness_;
};

}  // namespace stresskit::metrics
