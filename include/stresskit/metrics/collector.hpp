#pragma once

#include "stresskit/fleet/device.hpp"
#include "stresskit/metrics/burst_board.hpp"
#include "stresskit/metrics/collapse.hpp"
#include "stresskit/metrics/figures.hpp"
#include "stresskit/metrics/histograms.hpp"
#include "stresskit/metrics/limits.hpp"
#include "stresskit/metrics/news.hpp"
#include "stresskit/metrics/snapshot.hpp"
#include "stresskit/support/clock.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace stresskit::metrics {

/// What does not change during a run.
struct RunFacts {
  std::string run_id;
  std::int64_t pid = 0;
  std::string engine;
  std::string write_time;
  double write_sec = 0;
  int qos = 1;
  std::uint64_t addresses = 1;  ///< of ours that connections are made from
  std::uint64_t warmup = 0;
  std::vector<Stage> stages;                    ///< at least one
  std::optional<std::uint64_t> bursts_planned;  ///< nothing: until it is stopped
  Mono::duration interval{};
  Mono::time_point started{};
  support::Wall::time_point started_wall{};
};

/// When a snapshot is taken, by every clock it needs.
struct Moment {
  Mono::time_point now{};
  support::Wall::time_point wall{};
  Mono::duration process_cpu{};  ///< used by the whole process since it began
  std::uint64_t open_files = 0;  ///< of the process
};

/// Merges what the workers hand over into one Snapshot.
///
/// Wall times are the start's plus what the monotonic clock says has passed since, so a clock that
/// is set during the run moves nothing but `updated_at`.
///
/// Threads: none; the thread that conducts the run owns it.
class Collector {
 public:
  /// `shares`: how many devices each worker has; worker 0's come first in `devices`, which must
  /// outlive the collector.
  Collector(RunFacts facts, std::span<const fleet::Device> devices,
            const std::vector<std::size_t>& shares);

  /// When the first burst is due; before that there is no collapse and no rate.
  void first_due_is(Mono::time_point due) { first_due_ = due; }

  /// Takes a worker's figures; their lists of new things are emptied.
  void absorb(std::size_t worker, WorkerFigures& figures);

  [[nodiscard]] Snapshot snapshot(Status status, Phase phase, const Moment& moment);

  /// What happened since the snapshot before the last one. To be called once after each.
  [[nodiscard]] News take_news() { return std::exchange(news_, {}); }

 private:
  struct Share {
    std::size_t first = 0;
    Mono::time_point taken_at{};
    std::vector<DeviceFigures> devices;
    std::vector<FailureCount> failures;
    std::vector<StateChange> changes;  ///< not yet seen by collapse_
    std::uint64_t payload_bytes = 0;
    std::uint64_t reconnects = 0;
    std::uint64_t tcp_retransmits = 0;
    Mono::duration cpu{};
  };
  struct KnownChange {
    const Share* share = nullptr;
    StateChange change;
  };
  using FailureKey = std::tuple<fleet::Stage, fleet::Bucket, std::string>;
  struct VolumePoint {
    Mono::time_point at{};
    std::uint64_t bytes = 0;
  };

  void watch_states();
  void note_change(const KnownChange& known);
  void fill_fleet(Snapshot& snapshot) const;
  void fill_devices(Snapshot& snapshot) const;
  void fill_failures(Snapshot& snapshot) const;
  void fill_collapses(Snapshot& snapshot) const;
  void fill_limits(Snapshot& snapshot) const;
  void fill_rates(Snapshot& snapshot, Mono::time_point now);
  void fill_health(Snapshot& snapshot, const Moment& moment) const;
  void fill_latencies(Snapshot& snapshot) const;
  void tell_failures(const Snapshot& snapshot);
  void tell_collapses(const Snapshot& snapshot);
  [[nodiscard]] std::vector<DeviceRow> all_devices() const;
  [[nodiscard]] DeviceRow device_row(const Share& share, std::size_t index) const;
  [[nodiscard]] double unix_time(Mono::time_point at) const;
  [[nodiscard]] double since_start(Mono::time_point at) const;

  RunFacts facts_;
  std::span<const fleet::Device> devices_;
  std::vector<Share> shares_;
  Mono::time_point first_due_ = Mono::time_point::max();
  BurstBoard bursts_;
  HistogramLog histograms_;                ///< of what is not of bursts
  std::vector<DeviceState> known_states_;  ///< by device, as far as every worker has told
  bool told_names_ = false;
  std::int64_t connected_ = 0;
  CollapseWatch collapse_;
  LimitWatch limits_;
  std::deque<VolumePoint> volume_;  ///< of the last seconds, oldest first
  News news_;
  std::map<FailureKey, std::uint64_t> told_failures_;
  std::size_t told_collapses_ = 0;
  std::size_t told_recoveries_ = 0;
};

}  // namespace stresskit::metrics
