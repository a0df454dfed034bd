#include "stresskit/metrics/collapse.hpp"

#include <algorithm>

namespace stresskit::metrics {

void CollapseWatch::connected_is(std::uint64_t count, support::Mono::time_point at) {
  if (count == 0 && highest_ > 0 && !down_) {
    down_ = true;
    collapses_.push_back({at, std::nullopt});
  } else if (down_ && count * 100 >= highest_ * 99 && count > 0) {
    down_ = false;
    collapses_.back().recovered = at;
  }
  highest_ = std::max(highest_, count);
}

}  // namespace stresskit::metrics
