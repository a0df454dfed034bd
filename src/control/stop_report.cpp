#include "stresskit/control/stopper.hpp"
#include "stresskit/support/format.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace stresskit::control {

using Kind = StopOutcome::Kind;

namespace {

std::string_view to_word(Kind kind) {
  switch (kind) {
    case Kind::no_run:
      return "no-run";
    case Kind::asked:
      return "asked";
    case Kind::stopped:
      return "stopped";
    case Kind::died:
      return "died";
    case Kind::still_running:
      return "still-running";
    case Kind::interrupted:
      return "interrupted";
  }
  return "";
}

std::string name_of(const ActiveRun& run) {
  return run.run_id.empty() ? "a run that is still starting"
                            : fmt::format("run {} (process {})", run.run_id, run.pid);
}

std::string headline(const StopOutcome& outcome, const config::Data& data) {
  const std::string run = name_of(outcome.run);
  const std::string waited = support::format_duration(outcome.waited);
  switch (outcome.kind) {
    case Kind::no_run:
      return fmt::format("no run is active in {}", data.dir.string());
    case Kind::asked:
      return fmt::format("{} was asked to stop", run);
    case Kind::stopped:
      return fmt::format("{} stopped after {}{}", run, waited,
                         outcome.figures && outcome.figures->counts_storage
                             ? "; it still counts what the server stored, and a second "
                               "stop_telemetry ends that"
                             : "");
    case Kind::died:
      return fmt::format("{} is gone, but did not end as it should: it wrote no last figures", run);
    case Kind::still_running:
      return fmt::format(
          "{} has not stopped within {}; it stays asked to. Look at its output, or "
          "wait longer with --timeout",
          run, waited);
    case Kind::interrupted:
      return outcome.run.pid == 0
                 ? "interrupted before a run was found"
                 : fmt::format("{} was asked to stop; not waited for its end", run);
  }
  return "";
}

}  // namespace

std::string to_text(const StopOutcome& outcome, const config::Data& data) {
  std::string text = headline(outcome, data) + "\n";
  if (outcome.figures && outcome.kind != Kind::asked) {
    const RunFigures& f = *outcome.figures;
    text += fmt::format(
        "  {}, {}\n"
        "  planned {} = attempted {} + skipped {}\n"
        "  attempted {} = sent {} + failed {}\n"
        "  sent {} = acknowledged {} + lost {} + unacknowledged {}{}\n",
        support::format_count(f.device_count, "device"),
        f.status == "stopped" ? "last figures" : fmt::format("figures while {}", f.status),
        f.planned, f.attempted, f.skipped, f.attempted, f.sent, f.failed, f.sent, f.acknowledged,
        f.lost, f.unacknowledged,
        f.in_flight == 0 ? "" : fmt::format(" + in flight {}", f.in_flight));
  }
  return text;
}

std::string to_json(const StopOutcome& outcome) {
  nlohmann::ordered_json json{{"result", to_word(outcome.kind)}};
  if (!outcome.run.run_id.empty()) {
    json["run_id"] = outcome.run.run_id;
    json["pid"] = outcome.run.pid;
    json["waited_s"] = support::to_seconds(outcome.waited);
  }
  if (outcome.figures) {
    const RunFigures& f = *outcome.figures;
    json["status"] = f.status;
    json["counts_storage"] = f.counts_storage;
    json["device_count"] = f.device_count;
    json["totals"] = {{"planned", f.planned},    {"attempted", f.attempted},
                      {"skipped", f.skipped},    {"sent", f.sent},
                      {"failed", f.failed},      {"acknowledged", f.acknowledged},
                      {"lost", f.lost},          {"unacknowledged", f.unacknowledged},
                      {"in_flight", f.in_flight}};
  }
  return json.dump() + "\n";
}

support::ExitCode exit_code(const StopOutcome& outcome) {
  switch (outcome.kind) {
    case Kind::no_run:
    case Kind::asked:
    case Kind::stopped:
      return support::ExitCode::done;
    case Kind::died:
    case Kind::still_running:
    case Kind::interrupted:
      break;
  }
  return support::ExitCode::failed;
}

}  // namespace stresskit::control
