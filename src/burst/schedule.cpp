#include "stresskit/burst/schedule.hpp"

#include <algorithm>
#include <stdexcept>

namespace stresskit::burst {

Schedule::Schedule(Clock::time_point start, Clock::duration interval)
    : start_(start), interval_(interval) {
  if (interval <= Clock::duration::zero()) {
    throw std::invalid_argument("the interval between bursts must be positive");
  }
}

Schedule::Clock::time_point Schedule::due(std::uint64_t k) const {
  return start_ + static_cast<Clock::duration::rep>(k) * interval_;
}

Schedule::Clock::time_point Schedule::too_late(std::uint64_t k) const {
  return due(k) + std::min<Clock::duration>(interval_ / 2, std::chrono::seconds(1));
}

}  // namespace stresskit::burst
