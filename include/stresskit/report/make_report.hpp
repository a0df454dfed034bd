#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/support/error.hpp"

namespace stresskit::report {

/// What the program make_report does, but for `--list` and `--compare`: reads a run, judges it by
/// `thresholds` (none given: by those of the run's own settings), prints the summary, or with
/// `--json` the one object, and writes the formats asked for. Throws support::Error: usage for a
/// run that is not there, a format nobody knows, a threshold that cannot be understood; failed for
/// a file that cannot be written.
///
/// Answers 1 when the ledger does not add up, 99 when a threshold was crossed, else 0.
[[nodiscard]] support::ExitCode report_run(const config::Settings& settings);

/// `--list`: each run with start, duration, devices, acknowledged ratio and verdict, the latest
/// first; runs that were killed or cannot be read, too.
[[nodiscard]] support::ExitCode list_runs(const config::Settings& settings);

/// `--compare RUN OTHER`: 99 when OTHER is worse than RUN beyond the noise of its bursts, or one of
/// them has too few bursts to say so.
[[nodiscard]] support::ExitCode compare_runs(const config::Settings& settings);

}  // namespace stresskit::report
