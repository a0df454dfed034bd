#pragma once

#include "stresskit/support/clock.hpp"
#include "stresskit/support/result.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace stresskit::sandbox {

/// "capacity:seconds[,capacity:seconds...]" as token buckets: they start full, refill continuously,
/// and a message passes only if every one of them has its tokens.
class TokenBuckets {
 public:
  using Time = support::Mono::time_point;

  struct Rate {
    double capacity = 0;
    double seconds = 1;
  };

  /// The empty text is "no limit". Refuses what is not in the form above, and numbers below 1.
  [[nodiscard]] static support::Result<std::vector<Rate>> parse(std::string_view text);

  TokenBuckets(const std::vector<Rate>& rates, Time now);

  /// Takes `count` tokens from every bucket, or none from any.
  [[nodiscard]] bool take(std::size_t count, Time now);

 private:
  struct Bucket {
    Rate rate;
    double tokens = 0;
    Time filled;
  };
  std::vector<Bucket> buckets_;
};

}  // namespace stresskit::sandbox
