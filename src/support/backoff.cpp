#include "stresskit/support/backoff.hpp"

#include <algorithm>

namespace stresskit::support {

Backoff::Duration Backoff::delay(std::uint32_t attempt, Random& random) const {
  Duration whole = first_;
  for (std::uint32_t i = 0; i < attempt && whole < most_; ++i) {
    whole *= 2;
  }
  whole = std::min(whole, most_);
  std::uniform_int_distribution<Duration::rep> jitter(0, whole.count() / 2);
  return whole - Duration(jitter(random));
}

}  // namespace stresskit::support
