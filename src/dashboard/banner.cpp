#include "dashboard/banner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace stresskit::dashboard {
namespace {

using Holder = std::optional<control::ActiveRun>;

/// A run that did not say how often it writes is taken to write every 2 s, the default.
double allowed_silence(const MetricsHead& head) {
  return std::max(10.0, 5 * (head.write_sec > 0 ? head.write_sec : 2.0));
}

std::string who(const Holder& holder) {
  if (!holder || holder->run_id.empty()) {
    return "A run";
  }
  return fmt::format("Run {} (process {})", holder->run_id, holder->pid);
}

Banner without_file(const FileProblem& problem, const Holder& holder) {
  if (!problem.missing) {
    return {"broken", "unreadable", fmt::format("metrics.json cannot be used: {}.", problem.reason),
            holder ? "The active run replaces it with its next write; if it stays, look at the "
                     "run's messages and at the free space of the disk."
                   : "Remove the file, or start a run, which replaces it. The archives below runs/ "
                     "are not affected."};
  }
  if (holder) {
    return {"missing", "starting", who(holder) + " is starting; its first figures are on the way.",
            ""};
  }
  return {"missing", "no-file", "There is no metrics.json in the data directory yet.",
          "Run provision, then run_telemetry; this page follows by itself."};
}

/// The figures of an earlier run stay on show until the new one has written its own.
Banner next_run_starting(const Holder& holder) {
  return {"running", "starting", who(holder) + " is starting; its first figures are on the way.",
          ""};
}

Banner stale_or(const MetricsHead& head, const Holder& holder, double now, Banner otherwise) {
  if (!holder) {
    return {"stale", "writer-gone",
            fmt::format("The run ended without its last word: the file says {}, but no run is "
                        "active. These are its last figures.",
                        head.status),
            "It was killed, or its machine went down. Starting run_telemetry again is safe."};
  }
  // Without the seconds of silence: a screen reader would be told of each one.
  if (now - head.updated_at > allowed_silence(head)) {
    return {"stale", "silent",
            fmt::format("No new figures, though {} still holds the data directory.",
                        holder->pid > 0 ? fmt::format("process {}", holder->pid) : "a run"),
            "The run hangs, is paused, or cannot write (disk full?). Look at its terminal; "
            "stop_telemetry asks it to stop."};
  }
  return otherwise;
}

Banner while_running(const MetricsHead& head) {
  if (head.phase == "connecting") {
    return {"running", "connecting", "Devices are connecting; the first burst follows.", ""};
  }
  return {"running", "bursting", "Every connected device publishes at each due time.",
          "stop_telemetry or Ctrl+C in its terminal ends the run."};
}

}  // namespace

Banner decide_banner(const MetricsView& file, const Holder& holder, double now) {
  if (file.problem) {
    return without_file(*file.problem, holder);
  }
  const MetricsHead& head = *file.head;
  const bool ours = !holder || holder->run_id.empty() || holder->run_id == head.run_id;
  const bool at_rest = head.status == "idle" || head.status == "stopped";
  if (holder && (!ours || (at_rest && head.run_id != holder->run_id))) {
    return next_run_starting(holder);
  }
  if (head.status == "idle") {
    return {"idle", "idle",
            head.message.empty() ? "Ready: no telemetry has been sent yet." : head.message,
            "This page follows the run by itself."};
  }
  if (head.status == "stopped") {
    return {"stopped", "stopped", "The run has ended; these are its final figures.",
            "run_telemetry starts another one."};
  }
  if (head.status == "stopping") {
    return stale_or(head, holder, now,
                    {"stopping", "draining",
                     "The run is stopping: it waits for acknowledgements still under way.", ""});
  }
  return stale_or(head, holder, now, while_running(head));
}

}  // namespace stresskit::dashboard
