#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/control/run_lock.hpp"
#include "stresskit/support/clock.hpp"
#include "stresskit/support/error.hpp"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

namespace stresskit::control {

/// What a run did, as its last `metrics.json` says.
struct RunFigures {
  std::string status;           ///< "stopped" after a proper end
  bool counts_storage = false;  ///< reads back at this moment what the server stored
  std::uint64_t device_count = 0;
  std::uint64_t planned = 0;
  std::uint64_t attempted = 0;
  std::uint64_t skipped = 0;
  std::uint64_t sent = 0;
  std::uint64_t failed = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t lost = 0;
  std::uint64_t unacknowledged = 0;
  std::uint64_t in_flight = 0;  ///< 0 in a final file
};

/// What became of a request to stop.
struct StopOutcome {
  enum class Kind {
    no_run,         ///< nobody holds the data directory
    asked,          ///< the flag is up; not waited for (--no-wait)
    stopped,        ///< ended as it should, or ended by itself just then; may still count storage
    died,           ///< gone without having written its last figures (killed, crashed)
    still_running,  ///< the time-out passed; the flag stays up
    interrupted,    ///< we were told to stop waiting; the flag stays up
  };

  Kind kind = Kind::no_run;
  ActiveRun run;
  support::Mono::duration waited{};
  std::optional<RunFigures> figures;  ///< of this very run; empty when nobody wrote any
};

/// Raises the stop flag for the active run and waits until the run has let go of the data
/// directory. One that is over and still counts what the server stored when the time-out comes has
/// stopped: counting may take minutes. (Raised while it counts, the flag ends that.)
///
/// A run that is just starting counts: up to 1 s is waited for one to become active. With none, no
/// flag is left behind. Throws support::Error(failed) when the flag cannot be raised.
[[nodiscard]] StopOutcome stop_run(const config::Data& data, const config::Stopping& stopping,
                                   support::Clock& clock, const std::stop_token& stop);

/// The outcome for people, in a few lines, and as one JSON object.
[[nodiscard]] std::string to_text(const StopOutcome& outcome, const config::Data& data);
[[nodiscard]] std::string to_json(const StopOutcome& outcome);

/// done, or failed when the run has not ended as it should.
[[nodiscard]] support::ExitCode exit_code(const StopOutcome& outcome);

}  // namespace stresskit::control
