#pragma once

#include "stresskit/metrics/snapshot.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace stresskit::metrics {

/// The acknowledgement latencies of one burst: every one of them, so that several workers' merge
/// without loss, until it is frozen; from then on only the maximum still follows.
///
/// Threads: none; one owner.
class BurstLatency {
 public:
  void record_us(std::uint32_t us);

  /// Lets the single values go.
  void freeze();

  /// Median, p99 (nearest rank) and maximum; nothing when nothing was recorded.
  [[nodiscard]] std::optional<ShortLadder> ladder() const;

 private:
  std::vector<std::uint32_t> us_;
  std::optional<ShortLadder> frozen_;
};

}  // namespace stresskit::metrics
