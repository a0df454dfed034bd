#include "stresskit/metrics/figures.hpp"

#include <algorithm>
#include <iterator>

namespace stresskit::metrics {

const Stage& stage_of(const std::vector<Stage>& stages, std::uint64_t k) {
  const auto next =
      std::upper_bound(stages.begin(), stages.end(), k,
                       [](std::uint64_t burst, const Stage& s) { return burst < s.first_burst; });
  return *std::prev(next);
}

}  // namespace stresskit::metrics
