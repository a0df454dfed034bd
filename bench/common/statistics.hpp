#pragma once

#include <vector>

namespace bench {

/// The value that `fraction` (0..1) of the others do not exceed (nearest rank); 0 of none.
[[nodiscard]] double percentile(std::vector<double> values, double fraction);

[[nodiscard]] inline double median(std::vector<double> values) {
  return percentile(std::move(values), 0.5);
}

}  // namespace bench
