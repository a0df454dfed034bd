#pragma once

#include "stresskit/delivery/failure_table.hpp"
#include "stresskit/fleet/failure.hpp"
#include "stresskit/metrics/figures.hpp"
#include "stresskit/support/clock.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace stresskit::delivery {

using support::Mono;

/// What became of every message of one worker's devices: the only code that moves a message from
/// one state to the next.
///
///     due ─► skipped                                 not connected, back-pressure, burst missed
///         ─► failed                                  refused when it was handed over
///         ─► in flight ─► acknowledged               PUBACK
///                      ─► lost                       connection ended first, or PUBACK refused it
///                      ─► unacknowledged             the run ended first
///                      ─► failed                     handed over only in part
///
/// Every step is counted once, in the counters of its device and of its burst alike. Times are
/// handed in. Per message nothing is allocated once a device's window has been full.
///
/// Threads: none; the worker owns it.
class Ledger {
 public:
  using Slot = std::uint32_t;
  using MessageId = std::uint32_t;

  /// `acknowledged_delivery`: QoS 1. With QoS 0 a message is final once it is sent.
  Ledger(std::size_t devices, bool acknowledged_delivery);

  // --- a burst, in this order; burst numbers grow
  void begin_burst(std::uint64_t k, Mono::time_point due);
  /// Not connected: nothing new failed, so nothing goes into the failure table.
  void skip_not_connected(Slot slot);
  /// Any other reason not to try; the failure goes into the table.
  void skip(Slot slot, const fleet::Failure& why, Mono::time_point at);
  void fail(Slot slot, const fleet::Failure& why, Mono::time_point at);
  void sent(Slot slot, MessageId id, std::size_t payload_bytes, Mono::time_point at);
  void mark_missed();

  // --- what comes back
  void acknowledged(Slot slot, MessageId id, Mono::time_point at);
  void rejected(Slot slot, MessageId id, const fleet::Failure& why, Mono::time_point at);
  /// Everything the device had in flight is lost; `unfinished` was handed over only in part and
  /// moves to failed.
  void connection_lost(Slot slot, std::optional<MessageId> unfinished);
  /// The run ends: what is still in flight becomes unacknowledged.
  void give_up(Slot slot, std::optional<MessageId> unfinished);

  /// Makes room for the messages a device may have in flight, so that sending one allocates
  /// nothing.
  void expect_in_flight(Slot slot, std::size_t messages) { open_[slot].reserve(messages); }

  // --- the device itself
  void note_state(Slot slot, metrics::DeviceState state, fleet::Stage stage);
  void note_failure(Slot slot, const fleet::Failure& failure, Mono::time_point at);

  [[nodiscard]] std::uint32_t in_flight(Slot slot) const {
    return static_cast<std::uint32_t>(open_[slot].size());
  }
  [[nodiscard]] std::uint32_t sent(Slot slot) const { return devices_[slot].counters.sent(); }
  [[nodiscard]] std::uint64_t in_flight() const { return in_flight_; }
  [[nodiscard]] metrics::DeviceState state(Slot slot) const { return devices_[slot].state; }
  /// The device's latest failure, as a row of the table.
  [[nodiscard]] std::uint32_t failure_row(Slot slot) const { return devices_[slot].failure_row; }

  /// Copies what the collector wants to know and forgets what is new only once.
  void report(metrics::WorkerFigures& into);

 private:
  struct OpenMessage {
    MessageId id = 0;
    std::uint32_t k = 0;
    Mono::time_point written{};
  };
  struct OpenBurst {
    metrics::BurstTally tally;
    std::vector<metrics::Outcome> outcomes;  ///< by device
    bool changed = true;
  };

  [[nodiscard]] std::optional<OpenMessage> take(Slot slot, MessageId id);
  OpenBurst& burst_of(std::uint64_t k);
  /// Applies one transition to the device's counters and to the burst's.
  template <class Transition>
  void move(Slot slot, OpenBurst& burst, Transition transition);
  /// Ends everything the device has in flight: `unfinished` was never sent whole, so it failed.
  template <class Transition>
  void end_all(Slot slot, std::optional<MessageId> unfinished, metrics::Outcome outcome,
               Transition transition);

  bool acknowledged_delivery_;
  std::vector<metrics::DeviceFigures> devices_;
  std::vector<std::vector<OpenMessage>> open_;  ///< per device; acknowledged mostly in order
  std::deque<OpenBurst> bursts_;                ///< consecutive; the front is the oldest open one
  FailureTable failures_;
  std::vector<metrics::AckSample> acks_;
  std::uint64_t in_flight_ = 0;
  std::uint64_t payload_bytes_ = 0;
};

}  // namespace stresskit::delivery
