#pragma once

#include "provision/device_maker.hpp"

#include "stresskit/config/settings.hpp"
#include "stresskit/support/clock.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace stresskit::provision {

/// What is to be done, after looking at the server and before changing anything.
struct Plan {
  Wanted wanted;
  std::vector<Job> jobs;             ///< ordered by number
  bool makes_profile = false;        ///< the profile named `type` does not exist yet
  std::uint32_t left_on_server = 0;  ///< devices of the prefix with a higher number
};

/// Logs in, checks the role and the profile, lists what exists.
/// Throws support::Error(usage) when DEVICE_PROFILE_ID names no profile of the tenant.
[[nodiscard]] thingsboard::Answer<Plan> make_plan(const config::Fleet& fleet,
                                                  thingsboard::Client& client,
                                                  thingsboard::Retry& retry, support::Clock& clock);

}  // namespace stresskit::provision
