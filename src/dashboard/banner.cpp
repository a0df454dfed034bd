#include "dashboard/banner.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace stresskit::dashboard {
namespace {

using Holder = std::optional<control::ActiveRun>;

/// A run that did not say how often it writes is taken to write every 2 s, the default.
double allowed_silence(const MetricsHead& head) {
  return std::max(10.0, 5 * (head.write_sec > 0 ? head.write_sec : 2.0));
}

using Args = std::map<std::string, std::string>;

Banner say(std::string state, std::string reason, std::string form, std::string advice,
           Args args = {}) {
  std::string message = form;
  for (const auto& [name, value] : args) {
    const std::string place = '{' + name + '}';
    if (const std::size_t at = message.find(place); at != std::string::npos) {
      message.replace(at, place.size(), value);
    }
  }
  return {std::move(state),  std::move(reason), std::move(message),
          std::move(advice), std::move(form),   std::move(args)};
}

/// Also while the figures of an earlier run are on show: they stay until the new one has its own.
Banner starting(std::string state, const Holder& holder) {
  if (holder->run_id.empty()) {
    return say(std::move(state), "starting", "A run is starting; its first figures are on the way.",
               "");
  }
  return say(std::move(state), "starting",
             "Run {run} (process {pid}) is starting; its first figures are on the way.", "",
             {{"run", holder->run_id}, {"pid", std::to_string(holder->pid)}});
}

Banner without_file(const FileProblem& problem, const Holder& holder) {
  if (!problem.missing) {
    return say("broken", "unreadable", "metrics.json cannot be used: {problem}.",
               holder ? "The active run replaces it with its next write; if it stays, look at the "
                        "run's messages and at the free space of the disk."
                      : "Remove the file, or start a run, which replaces it. The archives below "
                        "runs/ are not affected.",
               {{"problem", problem.reason}});
  }
  if (holder) {
    return starting("missing", holder);
  }
  return say("missing", "no-file", "There is no metrics.json in the data directory yet.",
             "Run provision, then run_telemetry; this page follows by itself.");
}

Banner stale_or(const MetricsHead& head, const Holder& holder, double now, Banner otherwise) {
  if (!holder) {
    return say("stale", "writer-gone",
               "The run ended without its last word: the file says {status}, but no run is "
               "active. These are its last figures.",
               "It was killed, or its machine went down. Starting run_telemetry again is safe.",
               {{"status", head.status}});
  }
  // Without the seconds of silence: a screen reader would be told of each one.
  if (now - head.updated_at > allowed_silence(head)) {
    return say("stale", "silent",
               "No new figures, though process {pid} still holds the data directory.",
               "The run hangs, is paused, or cannot write (disk full?). Look at its terminal; "
               "stop_telemetry asks it to stop.",
               {{"pid", holder->pid > 0 ? std::to_string(holder->pid) : "?"}});
  }
  return otherwise;
}

Banner while_running(const MetricsHead& head) {
  if (head.phase == "connecting") {
    return say("running", "connecting", "Devices are connecting; the first burst follows.", "");
  }
  return say("running", "bursting", "Every connected device publishes at each due time.",
             "stop_telemetry or Ctrl+C in its terminal ends the run.");
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
    return starting("running", holder);
  }
  if (head.status == "idle") {
    return say("idle", "idle",
               head.message.empty() ? "Ready: no telemetry has been sent yet." : head.message,
               "This page follows the run by itself.");
  }
  if (head.status == "stopped" && holder && head.counts_storage) {
    return say("stopped", "counting", "The run has ended; it still counts what the server stored.",
               "The figures stay; stop_telemetry ends the counting.");
  }
  if (head.status == "stopped") {
    return say("stopped", "stopped", "The run has ended; these are its final figures.",
               "run_telemetry starts another one.");
  }
  if (head.status == "stopping") {
    return stale_or(head, holder, now,
                    say("stopping", "draining",
                        "The run is stopping: it waits for acknowledgements still under way.", ""));
  }
  return stale_or(head, holder, now, while_running(head));
}

Banner banner_of_unknown_holder(const std::string& problem) {
  return say("broken", "lock-unreadable", "The data directory cannot be used: {problem}.",
             "Let the user of run_dashboard read the data directory and run.lock in it.",
             {{"problem", problem}});
}

nlohmann::json banner_json(const Banner& banner) {
  return {{"state", banner.state},   {"reason", banner.reason}, {"message", banner.message},
          {"advice", banner.advice}, {"form", banner.form},     {"args", banner.args}};
}

Banner banner_of_earlier_run(const MetricsView& summary) {
  if (summary.head) {
    return say("stopped", "earlier", "An earlier run; these are its final figures.", "");
  }
  if (summary.problem->missing) {
    return say("stale", "earlier-killed",
               "An earlier run that never wrote how it ended; its files show how far it came.", "");
  }
  return say("broken", "earlier-unreadable", "The run's summary.json cannot be used: {problem}.",
             "The run's other files are shown as far as they go.",
             {{"problem", summary.problem->reason}});
}

}  // namespace stresskit::dashboard
