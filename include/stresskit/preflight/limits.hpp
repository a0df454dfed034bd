#pragma once

#include "stresskit/support/result.hpp"
#include "stresskit/thingsboard/types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stresskit::preflight {

/// A bucket of a rate limit: so many at once, and so many again within so many seconds.
struct RateLimit {
  std::uint64_t capacity = 0;
  std::uint64_t seconds = 1;

  friend bool operator==(const RateLimit&, const RateLimit&) = default;
};

/// "100:1,2000:60" as a tenant profile writes it: all buckets hold at once. The error says what was
/// expected.
[[nodiscard]] support::Result<std::vector<RateLimit>> parse_rate_limits(std::string_view text);

/// What a device may do, as ThingsBoard (3.8 and later) tells it: the answer to the RPC
/// `getSessionLimits`.
struct SessionLimits {
  std::uint64_t max_payload = 0;   ///< bytes; 0: not told
  std::uint64_t max_inflight = 0;  ///< messages that wait; 0: not told
  std::vector<RateLimit> messages;
  std::vector<RateLimit> telemetry_messages;
  std::vector<RateLimit> telemetry_points;
};

[[nodiscard]] support::Result<SessionLimits> read_session_limits(std::string_view json);

/// What the devices of a tenant may do together, and how long it keeps what they send.
struct TenantLimits {
  std::vector<RateLimit> messages;  ///< a connection costs one
  std::vector<RateLimit> telemetry_messages;
  std::vector<RateLimit> telemetry_points;
  std::uint64_t storage_ttl_days = 0;  ///< 0: for ever
};

/// The limits of a profile; one that cannot be understood counts as none.
[[nodiscard]] TenantLimits tenant_limits(const thingsboard::TenantProfile& profile);

/// What a run will do.
struct RunLoad {
  std::uint64_t devices = 0;
  std::uint64_t points_a_message = 0;
  std::uint64_t bytes_a_message = 0;
  std::uint64_t max_inflight = 0;
  double interval_s = 1;
  std::optional<double> duration_s;  ///< nothing: until it is stopped
  double connect_rate = 0;           ///< connections a second; 0: all at once
};

/// Something worth saying before a run. A warning never stops it: to be cut off may be what the
/// user came to see.
struct Finding {
  bool warning = false;
  std::string text;

  friend bool operator==(const Finding&, const Finding&) = default;
};

/// The run against what the server says it allows; a part that could not be read is left out. One
/// finding for each kind of limit that was read, a warning where it will be met, with when.
///
/// A bucket starts full and is refilled all the time (seen on 4.3: 10:10 lets ten through at once,
/// then one a second); a server that refills it only when its period is over cuts off earlier. Both
/// times are said.
///
/// Pure.
[[nodiscard]] std::vector<Finding> compare(const RunLoad& run,
                                           const std::optional<thingsboard::Usage>& usage,
                                           const std::optional<SessionLimits>& limits,
                                           const std::optional<TenantLimits>& tenant = {});

}  // namespace stresskit::preflight
