#pragma once

#include "stresskit/fleet/failure.hpp"
#include "stresskit/metrics/counters.hpp"
#include "stresskit/metrics/figures.hpp"
#include "stresskit/metrics/histogram.hpp"
#include "stresskit/metrics/limits.hpp"
#include "stresskit/metrics/server_side.hpp"
#include "stresskit/metrics/storage.hpp"

#include <cstdint>
#include <map>
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

/// How old the newest stored message of a few devices was during the run, asked over REST. Ages
/// contain the time since the last burst: with an idle server they go up to the interval.
struct Freshness {
  std::uint64_t devices = 0;  ///< that are asked; 0: nobody looks
  Ladder age{};               ///< now minus the due time of the newest stored message
  std::uint64_t failed_polls = 0;
  std::string trouble;                    ///< why, the last time
  std::optional<std::uint64_t> stored_k;  ///< the newest burst that all of them have stored
  double drain_s = 0;                     ///< how long after its due time that was seen
  double growth_s_a_burst = 0;  ///< by how much that time grows from burst to burst, of the last 20
  /// The first burst that was certainly stored more than two intervals and a second after it was
  /// due: so long after, a look still did not find it.
  std::optional<std::uint64_t> late_from;
};

struct BurstRow {
  std::uint64_t k = 0;
  double due = 0;                             ///< unix seconds
  std::optional<double> release_lateness_ms;  ///< nothing when nothing was written
  std::optional<double> spread_ms;
  Counters counters;
  std::uint64_t not_connected = 0;         ///< so many of the skipped, for want of a connection
  std::optional<ShortLadder> from_due_ms;  ///< nothing when nothing was acknowledged
  std::optional<ShortLadder> from_write_ms;
  std::optional<double> ack_drain_ms;  ///< nothing until every message is settled
  /// Due time until the probe devices' messages were seen in the store; nothing when nobody looked.
  std::optional<double> store_drain_ms{};
  bool late = false;
  bool slow = false;
  bool missed = false;
  bool warmup = false;    ///< counts in the totals, but in no latency, spread or threshold
  std::size_t stage = 0;  ///< index in Snapshot::stages
};

struct DeviceRow {
  std::uint64_t index = 0;  ///< in the fleet
  std::string name;
  std::string device_id;  ///< ThingsBoard's; empty when it is not known
  DeviceState state = DeviceState::connecting;
  fleet::Stage last_stage = fleet::Stage::startup;
  std::optional<double> last_seen;     ///< unix seconds of the last PUBACK
  std::optional<double> last_failure;  ///< unix seconds
  std::optional<fleet::Failure> failure;
  SmallCounters counters;
};

/// What a stage of the run did: some bursts in a row that the first `devices` devices take part in.
/// A run without stages is one stage. Totals and ladders leave warm-up bursts out.
struct StageRow {
  std::uint64_t devices = 0;
  std::uint64_t first_burst = 0;
  std::uint64_t bursts_due = 0;
  Counters totals{};
  Ladder ack_from_due{};
  Ladder spread{};
  Ladder ack_drain{};
};

/// A histogram in a few buckets, as Prometheus wants it.
struct BucketRow {
  std::vector<double> le_ms;  ///< upper bounds
  std::vector<std::uint64_t>
      counts;  ///< cumulative; values above the last bound are in `count` only
  std::uint64_t count = 0;
  double sum_ms = 0;
};

[[nodiscard]] BucketRow bucket_row(const Histogram& histogram);

struct CollapseRow {
  double at_s = 0;  ///< since due(0)
  std::optional<double> recovered_at_s;
};

/// Which side the run says something about, and what; see verdict.hpp.
enum class VerdictKind {
  nothing,
  not_stored,
  generator,
  collapsed,
  refused,
  behind,
  unanswered,
  kept_up
};

struct Verdict {
  VerdictKind kind = VerdictKind::nothing;
  std::string sentence;
};

/// The parts of a message's way, in its order; see broke_first.hpp.
enum class Side {
  none,     ///< nothing gave way
  unknown,  ///< the figures do not tell
  generator,
  connection,
  transport,
  queue,
  rule_engine,
  database,
};

struct BrokeFirst {
  Side side = Side::unknown;
  std::optional<std::uint64_t> from_burst{};  ///< nothing: before the first, or no burst tells
  std::string evidence;
};

/// A threshold of the run and what came of it so far.
struct ThresholdRow {
  enum class State { passed, crossed, no_data };

  std::string text;    ///< as the user wrote it: "ack_p99<250ms"
  std::string actual;  ///< "312 ms"; "no data"
  State state = State::no_data;
};

/// Whether the generator itself kept up.
struct GeneratorHealth {
  double cpu_share = 0;           ///< of the machine, 0..1, since the start
  double busiest_worker_cpu = 0;  ///< of one core, 0..1, since the start
  double loop_lag_ms_p99 = 0;
  std::uint64_t loop_lags = 0;  ///< how often the loop's lag was measured
  std::uint64_t late_bursts = 0;
  std::uint64_t slow_bursts = 0;
  std::uint64_t missed_bursts = 0;
  std::uint64_t open_files = 0;       ///< of the process
  std::uint64_t tcp_retransmits = 0;  ///< segments sent again, all connections (TCP_INFO)
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
  Counters measured;  ///< the same without the warm-up bursts: what thresholds are about
  double volume_mb = 0;
  double bandwidth_mbps = 0;
  double send_rate_per_device = 0;
  bool nobody_connected = false;  ///< the run ended at *ready*, because no device was connected
  bool balanced = true;           ///< devices and bursts tell the same story

  Ladder ack_from_due;
  Ladder ack_from_write;
  /// The same two with every message that still waits for its PUBACK, or did until the run ended,
  /// at the age it had then: what thresholds judge.
  Ladder ack_from_due_with_open;
  Ladder ack_from_write_with_open;
  Ladder ack_drain;  ///< due to last acknowledgement, of all settled bursts
  Ladder connect;
  Ladder connect_tcp;
  Ladder connect_tls;
  Ladder connect_connack;
  Ladder spread;                                       ///< of all settled bursts
  Ladder release_lateness;                             ///< of all settled bursts
  std::map<std::string, BucketRow> histogram_buckets;  ///< by the name of the metric

  std::uint64_t bursts_due = 0;  ///< how many bursts have been due so far
  /// How many there will be; nothing when the run goes on until it is stopped.
  std::optional<std::uint64_t> bursts_planned;
  std::uint64_t warmup = 0;      ///< how many of the first bursts are warm-up
  std::vector<StageRow> stages;  ///< at least one once a burst was due
  std::vector<BurstRow> bursts;  ///< the last 120, oldest first; of an archive: all
  /// The first burst whose acknowledgements came later than the next due time, and how many did.
  std::optional<std::uint64_t> behind_from;
  std::uint64_t behind_bursts = 0;
  /// The first burst with messages that were refused, lost or not sent for want of a connection.
  std::optional<std::uint64_t> refused_from;
  /// The first burst with messages that a PUBACK refused, or whose connection ended before it.
  std::optional<std::uint64_t> lost_from;
  /// The first burst with messages that had no answer when the run ended.
  std::optional<std::uint64_t> unanswered_from;
  /// The first burst, after the warm-up, that our side released late, wrote slowly or missed.
  std::optional<std::uint64_t> our_trouble_from;
  std::vector<FailureCount> failures;  ///< most frequent first
  std::vector<CollapseRow> collapses;
  std::vector<DeviceRow> devices;  ///< at most 500: all, or those with the latest incidents
  GeneratorHealth generator;
  LimitEvidence limit_evidence;
  std::vector<Limit> limits;  ///< that the run has probably met, the surest first
  Freshness freshness;
  ServerSide server;
  Storage storage;
  Verdict verdict;
  BrokeFirst broke_first;
  std::vector<ThresholdRow> thresholds;
};

/// The messages that went well: acknowledged; with QoS 0 sent, which is all that is known.
[[nodiscard]] std::uint64_t delivered(const Counters& counters, int qos);

/// Share of the planned messages that were acknowledged (QoS 0: sent), 0..1; 0 when none was
/// planned.
[[nodiscard]] double acknowledged_ratio(const Snapshot& snapshot);

[[nodiscard]] std::string_view to_string(Status status);
[[nodiscard]] std::string_view to_string(Phase phase);
[[nodiscard]] std::string_view to_string(DeviceState state);
[[nodiscard]] std::string_view to_string(VerdictKind kind);
[[nodiscard]] std::string_view to_string(ThresholdRow::State state);
[[nodiscard]] std::string_view to_string(Side side);

}  // namespace stresskit::metrics
