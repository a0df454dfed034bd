#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/provision/outcome.hpp"
#include "stresskit/support/clock.hpp"
#include "stresskit/support/error.hpp"
#include "stresskit/thingsboard/session.hpp"

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace stresskit::provision {

/// What became of a fleet. created + reused + failed + not_tried = device_count.
struct Report {
  std::string prefix;
  std::uint32_t device_count = 0;
  std::uint32_t created = 0;
  std::uint32_t reused = 0;          ///< existed already
  std::uint32_t updated = 0;         ///< of these: something differed and was brought up to date
  std::vector<Failed> failed;        ///< ordered by number
  std::uint32_t not_tried = 0;       ///< because it ended early
  std::uint32_t left_on_server = 0;  ///< devices of the prefix with a higher number than the count
  std::string ended_early;           ///< the reason, a sentence for a person; empty: it did not
  support::ExitCode code = support::ExitCode::done;
  support::Mono::duration took{};

  /// How many devices can be used now.
  [[nodiscard]] std::uint32_t ready() const { return created + reused; }
};

/// Creates the fleet's devices or takes those that exist, `settings.concurrency` at once, and keeps
/// `tokens.json` and `devices.csv` up to date while it goes (at least every second). Existing
/// devices keep their tokens; label, profile and attributes are written only where they differ. A
/// repeated call finishes what an interrupted one began.
///
/// Throws support::Error when nothing can be done at all: unreachable (no connection, log-in
/// refused, not a tenant administrator) or usage (data directory, DEVICE_PROFILE_ID).
///
/// Threads: the calling thread saves and shows progress; workers of its own talk to the server.
/// A requested stop ends it within a second.
[[nodiscard]] Report provision(const config::Fleet& fleet, const config::Provisioning& settings,
                               const config::Data& data, thingsboard::Session& session,
                               support::Clock& clock, std::stop_token stop);

/// The result for a person, several lines.
[[nodiscard]] std::string summary(const Report& report);
/// The result as one JSON object, with a line end.
[[nodiscard]] std::string to_json(const Report& report);

}  // namespace stresskit::provision
