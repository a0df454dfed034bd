#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/metrics/snapshot.hpp"
#include "stresskit/support/clock.hpp"
#include "stresskit/support/error.hpp"
#include "stresskit/support/terminal_block.hpp"

#include <optional>

namespace stresskit::report {

/// What a run prints: on a terminal a block of lines redrawn in place with every snapshot,
/// elsewhere a `[METRICS]` line every CONSOLE_SEC and whenever status or phase change; and the
/// summary at the end. With `--json` the lines go to standard error and the end is the final
/// `metrics.json` as one object on standard output.
///
/// Threads: none; the thread that conducts the run owns it.
class RunConsole {
 public:
  explicit RunConsole(const config::Output& output);

  void publish(const metrics::Snapshot& snapshot, support::Mono::time_point now);
  void finish(const metrics::Snapshot& last);

 private:
  bool json_;
  std::optional<support::TerminalBlock> block_;  ///< on a terminal
  support::Mono::duration every_;
  support::Mono::time_point next_{};
  metrics::Phase phase_ = metrics::Phase::none;
};

/// What the program answers for a run that was carried out: 3 when no device ever connected and
/// nobody asked to stop, 1 when the ledger does not add up or a file could not be written, 99 when
/// a threshold was crossed, 4 when the verification was not completed, else 0: what the server did
/// is the result, not an error.
[[nodiscard]] support::ExitCode exit_code(const metrics::Snapshot& last, bool files_intact);

}  // namespace stresskit::report
