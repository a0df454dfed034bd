#pragma once

#include "stresskit/fleet/failure.hpp"
#include "stresskit/metrics/counters.hpp"
#include "stresskit/support/clock.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace stresskit::metrics {

using support::Mono;

/// `failed`: never accepted, and its last attempt has ended. `disconnected`: was accepted, is not
/// now, whatever later attempts answered.
enum class DeviceState : std::uint8_t { connecting, connected, disconnected, failed };

/// One device as its worker sees it.
struct DeviceFigures {
  static constexpr std::uint32_t no_failure = UINT32_MAX;

  SmallCounters counters;
  DeviceState state = DeviceState::connecting;
  fleet::Stage last_stage = fleet::Stage::startup;
  std::uint32_t failure_row = no_failure;  ///< its latest failure: row of WorkerFigures::failures
  Mono::time_point failed_at{};            ///< when that was; the epoch: never
  Mono::time_point acknowledged_at{};      ///< the last PUBACK; the epoch: never
};

/// What became of one device's message in one burst.
enum class Outcome : std::uint8_t {
  not_sent,      ///< skipped, failed, or the device did not take part
  acknowledged,  ///< QoS 0: sent
  lost,
  unacknowledged,
};

/// Some bursts in a row, from `first_burst` on, that the first `devices` devices take part in.
struct Stage {
  std::size_t devices = 0;
  std::uint64_t first_burst = 0;
};

/// The stage that burst `k` belongs to. REQUIRES: `stages` begin with burst 0 and grow.
[[nodiscard]] const Stage& stage_of(const std::vector<Stage>& stages, std::uint64_t k);

/// One burst as one worker sees it.
struct BurstTally {
  std::uint64_t k = 0;
  Mono::time_point due{};
  SmallCounters counters;
  std::uint32_t not_connected = 0;  ///< of those skipped
  bool missed = false;              ///< could not be released in time: everything in it was skipped
  std::optional<Mono::time_point> first_write;
  std::optional<Mono::time_point> last_write;
  std::optional<Mono::time_point> last_acknowledged;
  /// By device of the worker, once nothing of the burst is in flight any more; empty before.
  std::vector<Outcome> outcomes;
};

/// One acknowledgement, in microseconds: 12 bytes, cheap enough to note down on the hot path.
struct AckSample {
  std::uint32_t k = 0;
  std::uint32_t from_due_us = 0;
  std::uint32_t from_write_us = 0;
};

/// How long the stages of one accepted connection took.
struct ConnectSample {
  Mono::duration tcp{};
  Mono::duration tls{};
  Mono::duration connack{};
  Mono::duration total{};
};

/// A device of the worker is in another state, from a moment on.
struct StateChange {
  Mono::time_point at{};
  std::uint32_t device = 0;
  DeviceState state = DeviceState::connecting;
  std::uint32_t failure_row = DeviceFigures::no_failure;  ///< why, where that is known
  // Of a connection that ended:
  std::uint32_t messages = 0;  ///< sent on it
  bool cut_off = false;        ///< one of them waited for its PUBACK
};

struct FailureCount {
  fleet::Failure failure;
  std::uint64_t count = 0;
};

/// What a worker hands to the collector. Cumulative, but for the lists marked "new": those hold
/// what happened since the last hand-over.
struct WorkerFigures {
  Mono::time_point taken_at{};
  std::vector<DeviceFigures> devices;   ///< of the worker's devices, in their order
  std::vector<FailureCount> failures;   ///< rows keep their place
  std::vector<BurstTally> bursts;       ///< new: those that changed
  std::vector<AckSample> acks;          ///< new
  std::vector<ConnectSample> connects;  ///< new
  std::vector<StateChange> changes;     ///< new, in the order of time
  std::vector<Mono::duration> lags;     ///< new: how late the loop came back from waiting
  std::uint64_t payload_bytes = 0;      ///< of all messages sent
  std::uint64_t reconnects = 0;         ///< accepted again after a loss
  std::uint64_t tcp_retransmits = 0;    ///< segments sent again, as far as they were asked for
  Mono::duration cpu{};                 ///< used by the worker's thread
};

}  // namespace stresskit::metrics
