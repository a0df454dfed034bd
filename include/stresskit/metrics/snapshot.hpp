#pragma once

#include "stresskit/fleet/failure.hpp"
#include "stresskit/metrics/counters.hpp"
#include "stresskit/metrics/figures.hpp"
#include "stresskit/metrics/histogram.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stresskit::metrics {

enum class Status { idle, running, stopping, stopped };
enum class Phase { none, connecting, bursting, draining };

/// The usual ladder of a histogram, in milliseconds; all zero when `count` is.
struct Ladder {
  std::uint64_t count = 0;
  double p50 = 0;
  double p75 = 0;
  double p90 = 0;
  double p95 = 0;
  double p99 = 0;
  double p999 = 0;
  double max = 0;
};

[[nodiscard]] Ladder ladder(const Histogram& histogram);

/// Three figures of one burst, in milliseconds.
struct ShortLadder {
  double p50 = 0;
  double p99 = 0;
  double max = 0;
};

struct BurstRow {
  std::uint64_t k = 0;
  double due = 0;                             ///< unix seconds
  std::optional<double> release_lateness_ms;  ///< nothing when nothing was written
  std::optional<double> spread_ms;
  Counters counters;
  std::optional<ShortLadder> from_due_ms;  ///< nothing when nothing was acknowledged
  std::optional<ShortLadder> from_write_ms;
  std::optional<double> ack_drain_ms;  ///< nothing until every message is settled
  bool late = false;
  bool slow = false;
  bool missed = false;
};

struct DeviceRow {
  std::string name;
  DeviceState state = DeviceState::connecting;
  fleet::Stage last_stage = fleet::Stage::startup;
  std::optional<double> last_seen;     ///< unix seconds of the last PUBACK
  std::optional<double> last_failure;  ///< unix seconds
  std::optional<fleet::Failure> failure;
  SmallCounters counters;
};

struct CollapseRow {
  double at_s = 0;  ///< since due(0)
  std::optional<double> recovered_at_s;
};

/// Whether the generator itself kept up.
struct GeneratorHealth {
  double cpu_share = 0;           ///< of the machine, 0..1, since the start
  double busiest_worker_cpu = 0;  ///< of one core, 0..1, since the start
  double loop_lag_ms_p99 = 0;
  std::uint64_t late_bursts = 0;
  std::uint64_t slow_bursts = 0;
  std::uint64_t missed_bursts = 0;
  bool was_bottleneck = false;
};

/// Everything known about a run at one moment: plain values, ready to be written or printed.
struct Snapshot {
  std::string run_id;
  std::int64_t pid = 0;
  Status status = Status::running;
  Phase phase = Phase::connecting;
  double started_at = 0;  ///< unix seconds
  double updated_at = 0;  ///< unix seconds
  double elapsed_s = 0;   ///< since the start, by the monotonic clock
  std::string engine;
  std::string write_time;
  double write_sec = 0;
  double interval_sec = 0;
  int qos = 1;

  std::uint64_t device_count = 0;
  std::uint64_t connecting = 0;
  std::uint64_t connected = 0;
  std::uint64_t disconnected = 0;
  std::uint64_t failed = 0;
  std::uint64_t reconnects = 0;

  Counters totals;
  double volume_mb = 0;
  double bandwidth_mbps = 0;
  double send_rate_per_device = 0;
  bool nobody_connected = false;  ///< the run ended at *ready*, because no device was connected
  bool balanced = true;           ///< devices and bursts tell the same story

  Ladder ack_from_due;
  Ladder ack_from_write;
  Ladder connect;
  Ladder connect_tcp;
  Ladder connect_tls;
  Ladder connect_connack;
  Ladder spread;            ///< of all settled bursts
  Ladder release_lateness;  ///< of all settled bursts

  std::uint64_t bursts_due = 0;        ///< how many bursts have been due so far
  std::vector<BurstRow> bursts;        ///< the last 120, oldest first
  std::vector<FailureCount> failures;  ///< most frequent first
  std::vector<CollapseRow> collapses;
  std::vector<DeviceRow> devices;  ///< at most 500: all, or those with the latest incidents
  GeneratorHealth generator;
};

/// Share of the planned messages that were acknowledged (QoS 0: sent), 0..1; 0 when none was
/// planned.
[[nodiscard]] double acknowledged_ratio(const Snapshot& snapshot);

[[nodiscard]] std::string_view to_string(Status status);
[[nodiscard]] std::string_view to_string(Phase phase);
[[nodiscard]] std::string_view to_string(DeviceState state);

}  // namespace stresskit::metrics
