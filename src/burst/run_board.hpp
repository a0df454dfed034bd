#pragma once

#include "stresskit/burst/gate.hpp"
#include "stresskit/support/clock.hpp"

#include <atomic>
#include <cstdint>
#include <exception>
#include <mutex>

namespace stresskit::burst {

/// The few things that the workers and the conductor of a run tell each other; beside the gate and
/// the mailboxes the only state they share.
///
/// Threads: any.
class RunBoard {
 public:
  using Mono = support::Mono;

  explicit RunBoard(std::size_t workers) : gate(workers), not_ready_(workers), at_work_(workers) {}

  Gate gate;

  /// A worker says that every device of its own has connected, been refused or used up its time.
  /// The last one to say so sets the first due time; when nobody is connected there is none.
  void ready(std::uint64_t connected, Mono::time_point now, Mono::duration lead_time);

  [[nodiscard]] bool all_ready() const { return not_ready_.load() == 0; }
  [[nodiscard]] bool nobody_connected() const { return all_ready() && connected_.load() == 0; }
  /// The first due time; `max` while it is not known.
  [[nodiscard]] Mono::time_point first_due() const { return load(first_due_); }

  /// The run is asked to end. Only the first request counts.
  void request_stop(Mono::time_point now);
  /// When that was; `max` while nobody asked.
  [[nodiscard]] Mono::time_point stop_requested_at() const { return load(stop_at_); }
  [[nodiscard]] bool stop_requested() const {
    return stop_requested_at() != Mono::time_point::max();
  }

  void begin_draining() { draining_.store(true); }
  [[nodiscard]] bool draining() const { return draining_.load(); }

  /// A worker cannot go on: everybody is asked to stop. Only the first failure is kept.
  void fail(std::exception_ptr why);
  /// Throws what a worker failed with, if any did. REQUIRES: all threads have been joined.
  void rethrow_failure() const;

  /// A worker has written its last figures.
  void finished() { at_work_.fetch_sub(1); }
  [[nodiscard]] bool all_finished() const { return at_work_.load() == 0; }

 private:
  using Ticks = std::atomic<Mono::rep>;
  static constexpr Mono::rep unknown = Mono::time_point::max().time_since_epoch().count();

  static Mono::time_point load(const Ticks& ticks) {
    return Mono::time_point(Mono::duration(ticks.load()));
  }

  std::atomic<std::size_t> not_ready_;
  std::atomic<std::size_t> at_work_;
  std::atomic<std::uint64_t> connected_{0};
  std::atomic<bool> draining_{false};
  Ticks first_due_{unknown};
  Ticks stop_at_{unknown};
  std::mutex failure_mutex_;
  std::exception_ptr failure_;  // guarded by failure_mutex_ while threads run
};

}  // namespace stresskit::burst
