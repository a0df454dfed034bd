#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace stresskit::support {

/// Exponential back-off with jitter: attempt n waits a random time between half and the whole of
/// min(first * 2^n, most). The random half keeps devices that failed together from coming back
/// together. Pure arithmetic: it never waits.
///
/// Threads: immutable; the generator handed in belongs to the caller.
class Backoff {
 public:
  using Duration = std::chrono::nanoseconds;
  using Random = std::minstd_rand;

  constexpr Backoff(Duration first, Duration most) : first_(first), most_(most) {}

  /// How long to wait before attempt `attempt` (0 = the first one after a failure).
  [[nodiscard]] Duration delay(std::uint32_t attempt, Random& random) const;

 private:
  Duration first_;
  Duration most_;
};

}  // namespace stresskit::support
