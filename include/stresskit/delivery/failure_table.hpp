#pragma once

#include "stresskit/fleet/failure.hpp"
#include "stresskit/metrics/figures.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace stresskit::delivery {

/// Failures by stage, bucket and detail, with how often each happened. Rows keep their place, so a
/// device can remember its latest failure as a number.
///
/// Bounded: after `most_rows` different ones, a new detail is counted as "other" of its stage and
/// bucket.
class FailureTable {
 public:
  static constexpr std::size_t most_rows = 1'000;

  /// Counts one and returns its row.
  std::uint32_t count(const fleet::Failure& failure);

  [[nodiscard]] const std::vector<metrics::FailureCount>& rows() const { return rows_; }

 private:
  using Key = std::tuple<fleet::Stage, fleet::Bucket, std::string>;

  // Looked up by views: under overload a failure is counted for every message of a burst.
  std::map<Key, std::uint32_t, std::less<>> index_;
  std::vector<metrics::FailureCount> rows_;
};

}  // namespace stresskit::delivery
