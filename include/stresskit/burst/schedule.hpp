#pragma once

#include <chrono>
#include <cstdint>

namespace stresskit::burst {

/// When each burst is due: burst `k` at `start + k * interval`, on the monotonic clock.
///
/// Pure arithmetic: it never reads a clock and never waits. So a late burst cannot push the
/// ones behind it, and a test needs no time to pass.
///
/// Errors: the constructor throws std::invalid_argument for an interval that is not positive.
/// Threads: immutable once built; every worker may hold a copy.
class Schedule {
 public:
  using Clock = std::chrono::steady_clock;

  Schedule(Clock::time_point start, Clock::duration interval);

  /// Due time of burst `k`. Burst 0 is the first one and is due at `start` itself.
  [[nodiscard]] Clock::time_point due(std::uint64_t k) const;

  /// The last moment at which burst `k` may still be released: min(interval / 2, 1 s) after it was
  /// due. Later it is missed, and counted as skipped rather than squeezed in.
  [[nodiscard]] Clock::time_point too_late(std::uint64_t k) const;

 private:
  Clock::time_point start_;
  Clock::duration interval_;
};

}  // namespace stresskit::burst
