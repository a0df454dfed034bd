#pragma once

#include "stresskit/metrics/figures.hpp"
#include "stresskit/metrics/snapshot.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace stresskit::metrics {

/// What all workers' parts of a burst say together, and how that is judged; BurstBoard has the
/// words.
struct WholeBurst {
  Mono::time_point due{};
  Counters counters;
  std::uint64_t not_connected = 0;
  bool missed = false;
  // The slowest worker decides when the burst was released.
  std::optional<Mono::time_point> released;
  std::optional<Mono::time_point> first_write;
  std::optional<Mono::time_point> last_write;
  std::optional<Mono::time_point> last_acknowledged;
};

/// Of the parts that are there.
[[nodiscard]] WholeBurst whole_of(const std::vector<std::optional<BurstTally>>& parts);

[[nodiscard]] bool is_late(const WholeBurst& whole, Mono::duration interval);
[[nodiscard]] bool is_slow(const WholeBurst& whole, Mono::duration interval);
/// An acknowledgement came, or is missing, after the next burst was due.
[[nodiscard]] bool is_behind(const WholeBurst& whole, Mono::duration interval,
                             Mono::time_point now);
[[nodiscard]] bool is_refused(const WholeBurst& whole);

/// Counts, marks and times of the row; its number, stage and latencies others know.
[[nodiscard]] BurstRow row_of(const WholeBurst& whole, Mono::duration interval);

}  // namespace stresskit::metrics
