#pragma once

#include "stresskit/fleet/failure.hpp"
#include "stresskit/mqtt/connections.hpp"
#include "stresskit/support/backoff.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <queue>
#include <vector>

namespace stresskit::mqtt {

/// Decides which device to connect next, and when: the first round in order, at a given rate, and
/// after that each device that failed or was lost, with exponential back-off.
///
/// Not tried again: a device whose identity the server refuses (buckets `auth` and `client-id`,
/// which includes "session taken over": two runs with the same tokens would evict each other for
/// ever).
///
/// Pure logic: no socket, and time is handed in. The owner opens what `next` names and tells what
/// became of it. Work per call is logarithmic in the number of devices that wait.
///
/// Threads: belongs to one.
class Dialer {
 public:
  struct Options {
    /// New connections a second, the first round and later ones alike; 0: no limit.
    double rate = 0;
    /// Without: one attempt a device, whatever comes of it.
    bool reconnect = true;
    /// Attempts that may be under way at once, and how long one counts: an older one waits for
    /// an answer that is not coming soon, and holds nobody else up.
    std::uint32_t most_pending = std::numeric_limits<std::uint32_t>::max();
    std::chrono::nanoseconds pending_for = std::chrono::milliseconds(250);
    std::chrono::nanoseconds first_delay = std::chrono::seconds(1);
    std::chrono::nanoseconds most_delay = std::chrono::seconds(60);
    /// A connection that lasted this long was a good one: its loss is followed by the first delay
    /// again, not by the next longer one.
    std::chrono::nanoseconds settled_after = std::chrono::seconds(10);
    std::uint32_t seed = 1;
  };

  /// Slots 0 to `count` - 1, the first one due at `start`.
  Dialer(Slot count, const Options& options, Mono::time_point start);

  /// The slot to open now, if one is due. Every answer starts an attempt, which `connected` or
  /// `refused` must end. Ask again until nothing is due, or until that is enough for one turn.
  [[nodiscard]] std::optional<Slot> next(Mono::time_point now);

  /// When `next` will have an answer if nothing happens before; may lie in the past;
  /// `Mono::time_point::max()` when it waits for an attempt to end, or for nothing at all.
  [[nodiscard]] Mono::time_point wake() const;

  void connected(Slot slot, Mono::time_point now);
  void refused(Slot slot, const fleet::Failure& failure, Mono::time_point now);
  /// An accepted connection ended, and not because we closed it.
  void lost(Slot slot, const fleet::Failure& failure, Mono::time_point now);

  /// Whether the first attempt of every slot has ended.
  [[nodiscard]] bool everybody_tried() const { return untried_ == 0; }

 private:
  struct Device {
    std::uint32_t failures = 0;  // in a row: the exponent of the back-off
    std::uint32_t attempts = 0;
    bool tried = false;
    bool pending = false;  // its attempt counts in pending_
    Mono::time_point connected_at;
  };
  struct Redial {
    Mono::time_point due;
    Slot slot = 0;

    friend bool operator>(const Redial& a, const Redial& b) { return a.due > b.due; }
  };

  struct Attempt {
    Mono::time_point began;
    Slot slot = 0;
    std::uint32_t number = 0;
  };

  [[nodiscard]] std::optional<Slot> take_due(Mono::time_point now);
  void begin_attempt(Slot slot, Mono::time_point now);
  void no_longer_pending(Slot slot);
  void forget_old_attempts(Mono::time_point now);
  void end_attempt(Slot slot);
  void redial(Slot slot, const fleet::Failure& failure, Mono::time_point now);

  Options options_;
  support::Backoff backoff_;
  support::Backoff::Random random_;
  std::vector<Device> devices_;
  Slot first_round_ = 0;  // the next slot of the first round
  std::priority_queue<Redial, std::vector<Redial>, std::greater<>> redials_;
  Mono::time_point gate_;  // the rate allows nothing before
  std::uint32_t pending_ = 0;
  std::deque<Attempt> recent_;  // oldest first; those that have ended are dropped on the way
  Slot untried_;
};

}  // namespace stresskit::mqtt
