#pragma once

#include "dashboard/metrics_file.hpp"

#include "stresskit/control/run_lock.hpp"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <optional>
#include <string>

namespace stresskit::dashboard {

/// What the data directory says about itself, in one word and two sentences.
struct Banner {
  std::string state;    ///< idle | running | stopping | stopped | stale | broken | missing
  std::string reason;   ///< which case of the state, for programs: "writer-gone"
  std::string message;  ///< what is so
  std::string advice;   ///< what to do next; may be empty
  /// The message with "{name}" where `args` have a word of this case: what a page translates.
  std::string form;
  std::map<std::string, std::string> args;
};

/// Decides the state from the file, from who holds the run lock, and from the time (unix seconds).
///
/// A file that says running or stopping is stale when the lock is free, or when its last update is
/// older than the larger of 10 s and five times its own writing interval.
[[nodiscard]] Banner decide_banner(const MetricsView& file,
                                   const std::optional<control::ActiveRun>& holder, double now);

/// The same when nobody can tell who holds the run lock, and why not.
[[nodiscard]] Banner banner_of_unknown_holder(const std::string& problem);

/// The same for an earlier run, from its `summary.json`: it ended by itself, or never said so.
[[nodiscard]] Banner banner_of_earlier_run(const MetricsView& summary);

/// As /api/state and /api/summary tell it.
[[nodiscard]] nlohmann::json banner_json(const Banner& banner);

}  // namespace stresskit::dashboard
