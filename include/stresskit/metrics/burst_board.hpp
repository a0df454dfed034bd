#pragma once

#include "stresskit/metrics/burst_latency.hpp"
#include "stresskit/metrics/figures.hpp"
#include "stresskit/metrics/histogram.hpp"
#include "stresskit/metrics/histograms.hpp"
#include "stresskit/metrics/news.hpp"
#include "stresskit/metrics/snapshot.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace stresskit::metrics {

/// All bursts of a run: the open ones with every sample, so that workers merge without loss, the
/// last 120 settled ones as rows, and the run's histograms.
///
/// A burst is *noted* once every worker has written its part: then its release and its spread are
/// final. It is *settled* when none of its messages is in flight any more. It is *late* when its
/// first byte left more than min(20 ms, 5 % of the interval) after it was due, *slow* when its
/// writing lasted longer than a quarter of the interval. The server is *behind* in a burst when an
/// acknowledgement came, or is still missing, after the next burst was due.
///
/// A burst that has stayed open while 120 more came keeps its latencies only in short, because a
/// server that never answers some messages must not fill our memory.
///
/// The first `warmup` bursts count in the totals only.
///
/// Threads: none; one owner.
class BurstBoard {
 public:
  static constexpr std::size_t rows_kept = 120;

  struct Facts {
    std::size_t workers = 1;
    Mono::duration interval{};
    std::uint64_t warmup = 0;
    std::vector<Stage> stages;  ///< at least one
    /// Whether the moment of a write is known. From a library's queue there is none to count from,
    /// so nothing is recorded then.
    bool times_writes = true;
  };

  /// Turns a due time into what files say: unix seconds.
  using UnixTime = std::function<double(Mono::time_point)>;

  explicit BurstBoard(Facts facts) : facts_(std::move(facts)) {}

  /// Takes over what a worker noted down until `at`. The samples in `acks` belong to bursts that
  /// are open.
  void absorb(std::size_t worker, const std::vector<BurstTally>& tallies,
              const std::vector<AckSample>& acks, Mono::time_point at);

  /// The last rows, oldest first.
  [[nodiscard]] std::vector<BurstRow> rows(const UnixTime& unix_time) const;
  /// Moves what happened since the last call into `news`: rows, outcomes and histograms.
  void take_news(News& news, const UnixTime& unix_time);

  /// Fills in what a snapshot says about bursts, but the rows. Histograms are those of the last
  /// `take_news`.
  void fill(Snapshot& snapshot, Mono::time_point now) const;

  void fill_buckets(Snapshot& snapshot) const;

  [[nodiscard]] Counters totals() const;

 private:
  struct Burst {
    std::vector<std::optional<BurstTally>> parts;  ///< by worker
    BurstLatency from_due;
    BurstLatency from_write;
    bool noted = false;
  };
  struct Row {
    Mono::time_point due{};
    BurstRow figures;
  };
  /// What a stage, or the warm-up, has come to so far.
  struct Sums {
    Counters settled;
    std::uint64_t late = 0;
    std::uint64_t slow = 0;
    std::uint64_t missed = 0;
  };
  struct Trouble {
    std::optional<std::uint64_t> behind_from;
    std::uint64_t behind = 0;
    std::optional<std::uint64_t> refused_from;
    std::optional<std::uint64_t> lost_from;
    std::optional<std::uint64_t> unanswered_from;
    std::optional<std::uint64_t> ours_from;
  };

  /// Takes over samples of burst `k`.
  void record(std::uint64_t k, std::span<const AckSample> acks);
  void freeze_old();
  [[nodiscard]] static bool written(const Burst& burst);
  [[nodiscard]] static bool settled(const Burst& burst);
  [[nodiscard]] bool is_warmup(std::uint64_t k) const { return k < facts_.warmup; }
  [[nodiscard]] std::size_t stage_index(std::uint64_t k) const;
  [[nodiscard]] HistogramKey key_of(Metric metric, std::uint64_t k) const;
  [[nodiscard]] Row row_of(std::uint64_t k, const Burst& burst) const;
  [[nodiscard]] static BurstOutcomes outcomes_of(std::uint64_t k, const Burst& burst);
  void look_for_trouble(Trouble& trouble, std::uint64_t k, const Burst& burst,
                        Mono::time_point now) const;
  void note(std::uint64_t k, Burst& burst);
  void settle(std::uint64_t k, const Burst& burst, Mono::time_point at);
  void sweep(Mono::time_point at);
  [[nodiscard]] std::vector<StageRow> stage_rows() const;
  void fill_with_open(Snapshot& snapshot, Mono::time_point now) const;

  Facts facts_;
  std::map<std::uint64_t, Burst> open_;
  std::deque<Row> settled_;  ///< in the order of settling
  std::vector<Row> fresh_rows_;
  std::vector<BurstOutcomes> fresh_outcomes_;
  std::map<std::size_t, Sums> by_stage_;  ///< warm-up left out
  Sums warmup_;
  Trouble trouble_;  ///< of the settled ones
  std::uint64_t due_count_ = 0;
  HistogramLog histograms_;
  Histogram gave_up_from_due_;  ///< ages of what was unacknowledged when the run ended
  Histogram gave_up_from_write_;
};

}  // namespace stresskit::metrics
