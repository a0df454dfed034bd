#pragma once

#include <chrono>
#include <stop_token>

namespace stresskit::support {

using Mono = std::chrono::steady_clock;  ///< intervals and due times
using Wall = std::chrono::system_clock;  ///< only for what people and files read

/// Where time comes from. Code that measures or waits gets a Clock handed in, so that a test can
/// move time by hand (tests/support/manual_clock.hpp).
///
/// Threads: every method may be called from any thread.
class Clock {
 public:
  virtual ~Clock() = default;

  [[nodiscard]] virtual Mono::time_point now() const = 0;
  [[nodiscard]] virtual Wall::time_point wall() const = 0;

  /// Sleeps until `until` or until a stop is requested. Returns whether the time was reached
  /// (false: stopped earlier).
  virtual bool wait_until(Mono::time_point until, std::stop_token stop) = 0;

  /// Keeps the processor until `until`, for the last stretch before a burst: to wake up takes the
  /// kernel some 50 us, this takes none.
  virtual void spin_until(Mono::time_point until) = 0;
};

/// The real clocks of this machine. Lives as long as the program.
[[nodiscard]] Clock& real_clock();

/// Seconds since 1970 with fractions, as `metrics.json` writes times.
[[nodiscard]] double unix_seconds(Wall::time_point at);

}  // namespace stresskit::support
