#pragma once

#include <cstdint>
#include <cstdio>
#include <deque>

namespace bench {

/// Nanoseconds of CLOCK_MONOTONIC, which is one clock for all processes of a machine.
using Nanoseconds = std::int64_t;

[[nodiscard]] Nanoseconds monotonic_now();

/// One PUBLISH as the sink saw it.
struct Arrival {
  std::uint32_t burst = 0;  ///< how many its connection had sent before: each sends one a burst
  Nanoseconds arrived = 0;
  Nanoseconds answered = 0;
};

/// Everything that arrived, in the order of arrival.
class Arrivals {
 public:
  void note(const Arrival& arrival) { all_.push_back(arrival); }
  [[nodiscard]] bool empty() const { return all_.empty(); }
  [[nodiscard]] Nanoseconds first() const { return all_.front().arrived; }

  /// A line of JSON for every burst: {"burst", "messages", "first_ns", "last_ns", "spread_ms"}.
  void print_bursts(std::FILE* to) const;
  /// Every message as "burst,arrived_ns,answered_ns".
  void print_samples(std::FILE* to) const;

 private:
  std::deque<Arrival> all_;  // grows without moving what is there
};

}  // namespace bench
