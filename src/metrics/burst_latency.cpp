#include "stresskit/metrics/burst_latency.hpp"

#include <algorithm>

namespace stresskit::metrics {

namespace {

/// Nearest rank of values that are sorted.
double rank_ms(const std::vector<std::uint32_t>& sorted_us, std::size_t percent) {
  const std::size_t rank = (sorted_us.size() * percent + 99) / 100;
  return sorted_us[std::max<std::size_t>(rank, 1) - 1] / 1e3;
}

}  // namespace

void BurstLatency::record_us(std::uint32_t us) {
  if (frozen_) {
    frozen_->max = std::max(frozen_->max, us / 1e3);
  } else {
    us_.push_back(us);
  }
}

void BurstLatency::freeze() {
  if (!frozen_) {
    frozen_ = ladder();
    us_ = {};
  }
}

std::optional<ShortLadder> BurstLatency::ladder() const {
  if (frozen_ || us_.empty()) {
    return frozen_;
  }
  std::vector<std::uint32_t> sorted = us_;
  std::sort(sorted.begin(), sorted.end());
  return ShortLadder{rank_ms(sorted, 50), rank_ms(sorted, 99), sorted.back() / 1e3};
}

}  // namespace stresskit::metrics
