#pragma once

#include "stresskit/support/clock.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace stresskit::metrics {

/// Watches the number of connected devices for the moment when the whole fleet is gone.
///
/// A collapse is a fall to 0; the recovery is the first moment when the count is again at least
/// 99 % of the highest value before. Nothing before the first connection counts.
class CollapseWatch {
 public:
  struct Collapse {
    support::Mono::time_point at{};
    std::optional<support::Mono::time_point> recovered;
  };

  /// To be called with every change, in the order of time.
  void connected_is(std::uint64_t count, support::Mono::time_point at);

  [[nodiscard]] const std::vector<Collapse>& collapses() const { return collapses_; }

 private:
  std::uint64_t highest_ = 0;
  bool down_ = false;
  std::vector<Collapse> collapses_;
};

}  // namespace stresskit::metrics
