#pragma once

#include "burst/next_burst.hpp"
#include "burst/retransmits.hpp"
#include "burst/run_board.hpp"

#include "stresskit/burst/plan.hpp"
#include "stresskit/burst/schedule.hpp"
#include "stresskit/config/settings.hpp"
#include "stresskit/delivery/ledger.hpp"
#include "stresskit/fleet/device.hpp"
#include "stresskit/metrics/mailbox.hpp"
#include "stresskit/mqtt/connections.hpp"
#include "stresskit/mqtt/dialer.hpp"
#include "stresskit/support/clock.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace stresskit::burst {

/// One thread's share of the fleet: its connections, its ledger, its part of every burst. Nothing
/// in it is shared or locked; it meets the others at the gate, and the collector at its mailbox.
///
/// Life: connect everything ► burst after burst until the gate or the limit says no ► drain ►
/// last figures ► clean close.
///
/// Threads: `run` is the thread's body; `mailbox` may be used meanwhile, `final_figures` after it.
class Worker final : private mqtt::Events {
  using Mono = support::Mono;
  using Slot = mqtt::Slot;

 public:
  struct Setup {
    std::size_t number = 0;
    std::span<const fleet::Device> devices;
    std::unique_ptr<mqtt::Connections> connections;
    mqtt::Dialer dialer;
    const config::Burst& burst;
    const Plan& plan;
    std::size_t first = 0;  ///< where its devices begin in the fleet
    int qos = 1;
    std::uint32_t max_inflight = 1;
    std::uint32_t seed = 0;
    /// What to add to a time of the monotonic clock to get the unix time that a message carries;
    /// nothing: messages carry neither time nor number.
    std::optional<Mono::duration> stamps_from{};
  };

  Worker(Setup setup, RunBoard& board, support::Clock& clock);

  void run();

  [[nodiscard]] std::string_view write_time() const { return connections_->write_time(); }
  [[nodiscard]] metrics::Mailbox& mailbox() { return mailbox_; }
  [[nodiscard]] metrics::WorkerFigures& final_figures() { return final_figures_; }

 private:
  struct Device {
    std::uint32_t window = 1;  ///< most messages in flight: ours and the server's wish
    bool connected = false;
    std::uint32_t sent_before = 0;  ///< messages sent before its present connection
    bool end_told = false;          ///< a publish has told already why the connection is ending
    bool accepted_before = false;
    metrics::DeviceState told = metrics::DeviceState::connecting;  ///< the last change told
  };

  // The phases.
  void connect_all();
  void burst_until_stopped();
  void drain();
  void finish();

  // One burst.
  bool wait_for_due(const Schedule& schedule, std::uint64_t k);
  void release(std::uint64_t k);
  void publish(Slot slot);
  void miss(std::uint64_t k);
  [[nodiscard]] Mono::duration sealing_time() const;
  void seal_until(Mono::time_point end);

  // The turn of the loop: wait for the network, dial, hand over figures.
  void turn(Mono::time_point until);
  void dial(Mono::time_point now);
  void hand_over();
  void tell_state(const metrics::StateChange& change);
  void report(metrics::WorkerFigures& into);

  // What the connections tell.
  void connected(Slot slot, const mqtt::Accepted& accepted, Mono::time_point at) override;
  void refused(Slot slot, const fleet::Failure& failure, Mono::time_point at) override;
  void acknowledged(Slot slot, mqtt::MessageId id, Mono::time_point at) override;
  void rejected(Slot slot, mqtt::MessageId id, const fleet::Failure& failure,
                Mono::time_point at) override;
  void lost(Slot slot, const fleet::Failure& failure, std::optional<mqtt::MessageId> unfinished,
            Mono::time_point at) override;

  std::size_t number_;
  std::unique_ptr<mqtt::Connections> connections_;
  mqtt::Dialer dialer_;
  const config::Burst& settings_;
  std::uint32_t max_inflight_;
  const Plan& plan_;
  RunBoard& board_;
  support::Clock& clock_;

  std::vector<Device> devices_;
  delivery::Ledger ledger_;
  NextBurst next_;
  Retransmits retransmits_;
  std::uint64_t connected_count_ = 0;
  bool dialing_ = true;

  metrics::Mailbox mailbox_;
  metrics::WorkerFigures final_figures_;
  std::vector<metrics::ConnectSample> connects_;
  std::vector<metrics::StateChange> changes_;
  std::vector<Mono::duration> lags_;
  std::uint64_t reconnects_ = 0;
};

}  // namespace stresskit::burst
