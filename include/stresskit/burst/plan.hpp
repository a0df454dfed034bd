#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/metrics/figures.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace stresskit::burst {

/// Which bursts a run has, and how many devices take part in each: in stage after stage the first
/// so many. A run without stages is one stage with everybody.
///
/// Burst k belongs to the duration when k * interval lies in it, counted from its stage's first
/// burst.
///
/// Threads: immutable once built; the workers share one.
class Plan {
 public:
  /// "No end": what `bursts` answers when the run goes on until it is stopped.
  static constexpr std::uint64_t endless = UINT64_MAX;

  /// REQUIRES: no stage has more than `devices`.
  Plan(const config::Burst& settings, std::size_t devices);

  [[nodiscard]] std::uint64_t bursts() const { return bursts_; }
  [[nodiscard]] const std::vector<metrics::Stage>& stages() const { return stages_; }

  /// How many devices, the first ones of the fleet, take part in burst `k`; 0 when there is no
  /// such burst.
  [[nodiscard]] std::size_t taking_part(std::uint64_t k) const;

 private:
  std::vector<metrics::Stage> stages_;  ///< at least one
  std::uint64_t bursts_ = endless;
};

}  // namespace stresskit::burst
