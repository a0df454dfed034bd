#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/metrics/snapshot.hpp"
#include "stresskit/support/clock.hpp"
#include "stresskit/thingsboard/session.hpp"
#include "stresskit/verification/observer.hpp"

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

namespace stresskit::verification {

/// Makes sure that what a run stores can be read back: logs in and reads the newest point of one of
/// its devices (`device_id`; empty: only logs in). Throws support::Error(unreachable) that says
/// what to try, or which right is missing.
void require_reading(thingsboard::Session& session, const std::string& device_id,
                     std::stop_token stop);

/// A run of this process that has just ended.
struct OwnRun {
  const config::Data& data;
  std::filesystem::path folder;  ///< its archive
  thingsboard::Session& session;
  config::Duration timeout;
  Observer& observer;
  support::Clock& clock;
};

/// Hands a run on whose figures have changed.
using Amend = std::function<void(metrics::Snapshot&)>;

/// `verify` for `own`, as far as its last snapshot `run` can say it: storage, limits, verdict.
/// `amend` is called when the counting begins and when all is known. When messages are missing of a
/// server that still runs, it waits for what the observer then hears of that, and stops it in any
/// case.
///
/// A stop that ended the run does not end the counting; a signal or a stop flag that comes
/// meanwhile does, and the flag is gone before the last `amend`. Never throws for anything but want
/// of memory: what goes wrong is told in the result and costs nothing else.
void verify_own_run(metrics::Snapshot& run, const OwnRun& own, const std::stop_token& signal,
                    const Amend& amend);

/// `verify` for the run whose archive is in `folder`. Throws support::Error: usage when the
/// messages of the run carry no numbers, failed when its archive does not say enough.
[[nodiscard]] metrics::Storage verify_run(const std::filesystem::path& folder,
                                          thingsboard::Session& session, config::Duration timeout,
                                          support::Clock& clock, std::stop_token stop);

}  // namespace stresskit::verification
