#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/metrics/storage.hpp"
#include "stresskit/support/clock.hpp"
#include "stresskit/thingsboard/session.hpp"
#include "stresskit/verification/run_deeds.hpp"

#include <filesystem>
#include <stop_token>

namespace stresskit::verification {

/// Reads back over REST what the server has stored of a run, and names what is missing: a COUNT for
/// each device; where that does not fit, it waits until the counts of some such devices have stood
/// still for max(5 s, two intervals) or for `timeout`, and reads their sequence numbers. All of it
/// ends after twice the time-out.
///
/// Four requests at once, each tried again after passing failures; an answer 429 holds all of them.
/// Devices that are done are noted in `verification.ndjson` of the run's archive `folder` at once,
/// so what was interrupted goes on where it stopped. Progress goes to standard error.
///
/// Never throws for the server's sake: what could not be done makes the result `incomplete`.
/// REQUIRES: a stamped run.
[[nodiscard]] metrics::Storage verify(const RunDeeds& deeds, const std::filesystem::path& folder,
                                      thingsboard::Session& session, config::Duration timeout,
                                      support::Clock& clock, std::stop_token stop);

}  // namespace stresskit::verification
