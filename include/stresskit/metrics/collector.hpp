#pragma once

#include "stresskit/fleet/device.hpp"
#include "stresskit/metrics/burst_board.hpp"
#include "stresskit/metrics/collapse.hpp"
#include "stresskit/metrics/figures.hpp"
#include "stresskit/metrics/histogram.hpp"
#include "stresskit/metrics/snapshot.hpp"
#include "stresskit/support/clock.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <string>
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
  Mono::duration interval{};
  Mono::time_point started{};
  support::Wall::time_point started_wall{};
};

/// When a snapshot is taken, by every clock it needs.
struct Moment {
  Mono::time_point now{};
  support::Wall::time_point wall{};
  Mono::duration process_cpu{};  ///< used by the whole process since it began
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

 private:
  struct Share {
    std::size_t first = 0;
    Mono::time_point taken_at{};
    std::vector<DeviceFigures> devices;
    std::vector<FailureCount> failures;
    std::vector<ConnectedChange> changes;  ///< not yet seen by collapse_
    std::uint64_t payload_bytes = 0;
    std::uint64_t reconnects = 0;
    Mono::duration cpu{};
  };
  struct VolumePoint {
    Mono::time_point at{};
    std::uint64_t bytes = 0;
  };

  void watch_collapse();
  void fill_fleet(Snapshot& snapshot) const;
  void fill_devices(Snapshot& snapshot) const;
  void fill_failures(Snapshot& snapshot) const;
  void fill_collapses(Snapshot& snapshot) const;
  void fill_rates(Snapshot& snapshot, Mono::time_point now);
  void fill_health(Snapshot& snapshot, const Moment& moment) const;
  [[nodiscard]] DeviceRow device_row(const Share& share, std::size_t index) const;
  [[nodiscard]] double unix_time(Mono::time_point at) const;

  RunFacts facts_;
  std::span<const fleet::Device> devices_;
  std::vector<Share> shares_;
  Mono::time_point first_due_ = Mono::time_point::max();
  BurstBoard bursts_;
  Histogram connect_;
  Histogram connect_tcp_;
  Histogram connect_tls_;
  Histogram connect_connack_;
  Histogram loop_lag_;
  std::int64_t connected_ = 0;
  CollapseWatch collapse_;
  std::deque<VolumePoint> volume_;  ///< of the last seconds, oldest first
};

}  // namespace stresskit::metrics
