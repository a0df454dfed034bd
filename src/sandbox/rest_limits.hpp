#pragma once

#include "sandbox/accounts.hpp"
#include "sandbox/token_buckets.hpp"

#include <nlohmann/json_fwd.hpp>

#include <mutex>
#include <optional>
#include <string>

namespace stresskit::sandbox {

/// The REST limits of a tenant profile; empty: none.
struct RestRates {
  std::string tenant;    ///< tenantServerRestLimitsConfiguration
  std::string customer;  ///< customerServerRestLimitsConfiguration
};

/// Reads the object of the switch `rest_limits`, or says what is wrong with it.
[[nodiscard]] support::Result<RestRates> parse_rest_rates(const nlohmann::json& json);

/// Counts the calls of a tenant and of its customer against their limits. A system administrator
/// and calls without a token have none.
///
/// Threads: every method may be called from any thread.
class RestLimits {
 public:
  /// REQUIRES: rates that `parse_rest_rates` has let pass.
  void configure(const RestRates& rates);
  [[nodiscard]] RestRates rates() const;

  /// Takes a token for the caller; throws the platform's Refusal (429) when there is none.
  void spend(Authority caller);

 private:
  mutable std::mutex mutex_;
  // guarded by mutex_
  RestRates rates_;
  std::optional<TokenBuckets> tenant_;
  std::optional<TokenBuckets> customer_;
};

}  // namespace stresskit::sandbox
