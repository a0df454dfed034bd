#pragma once

#include "sandbox/token_buckets.hpp"

#include "stresskit/support/clock.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace stresskit::sandbox {

/// The transport limits of a tenant profile, in the order of the names in link.hpp.
struct RateLimits {
  enum Name : std::size_t {
    tenant_messages,
    tenant_telemetry,
    tenant_data_points,
    device_messages,
    device_telemetry,
    device_data_points,
  };
  static constexpr std::size_t count = 6;

  std::array<std::string, count> text;  ///< empty: no limit
};

/// Decides whether a message passes. A message with data points takes one token of the telemetry
/// messages and one a point of the data points; any other takes one of the messages. The tenant's
/// buckets are asked first, and what they gave is not returned when the device's refuse.
class RateLimiter {
 public:
  using Time = support::Mono::time_point;

  /// Buckets whose limit is unchanged keep their fill.
  void configure(const RateLimits& limits, Time now);

  [[nodiscard]] bool pass(const std::string& device, std::size_t data_points, Time now);

 private:
  using Buckets = std::array<std::optional<TokenBuckets>, RateLimits::count>;

  [[nodiscard]] static bool take(Buckets& buckets, std::size_t first, std::size_t data_points,
                                 Time now);
  Buckets& of_device(const std::string& device, Time now);

  RateLimits limits_;
  std::array<std::vector<TokenBuckets::Rate>, RateLimits::count> rates_;
  Buckets tenant_;
  std::unordered_map<std::string, Buckets> devices_;  ///< only while a device limit is set
};

}  // namespace stresskit::sandbox
