#include "stresskit/control/stopper.hpp"

#include "stresskit/control/stop_flag.hpp"
#include "stresskit/support/files.hpp"

#include <nlohmann/json.hpp>

#include <chrono>

namespace stresskit::control {

using namespace std::chrono_literals;
using Kind = StopOutcome::Kind;

namespace {

constexpr auto poll_every = 50ms;
constexpr auto start_grace = 1s;  // from taking the lock to being active a run needs far less

std::uint64_t count_at(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

/// What metrics.json says of this run; nothing when it is of another run or cannot be read.
std::optional<RunFigures> read_figures(const config::Data& data, const std::string& run_id) {
  const auto text = support::read_file(data.metrics());
  if (!text) {
    return std::nullopt;
  }
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object() || json.value("run_id", nlohmann::json()) != run_id) {
    return std::nullopt;
  }
  RunFigures figures;
  if (const auto status = json.find("status"); status != json.end() && status->is_string()) {
    figures.status = status->get<std::string>();
  }
  const auto verification = json.find("verification");
  figures.counts_storage = verification != json.end() && verification->is_object() &&
                           verification->value("state", nlohmann::json()) == "running";
  figures.device_count = count_at(json, "device_count");
  const auto totals = json.find("totals");
  if (totals == json.end() || !totals->is_object()) {
    return figures;
  }
  figures.planned = count_at(*totals, "planned");
  figures.attempted = count_at(*totals, "attempted");
  figures.skipped = count_at(*totals, "skipped");
  figures.sent = count_at(*totals, "sent");
  figures.failed = count_at(*totals, "failed");
  figures.acknowledged = count_at(*totals, "acknowledged");
  figures.lost = count_at(*totals, "lost");
  figures.unacknowledged = count_at(*totals, "unacknowledged");
  figures.in_flight = count_at(*totals, "in_flight");
  return figures;
}

/// The run whose flag counts; waits a moment for one that is just starting, or about to.
std::optional<ActiveRun> find_run(const config::Data& data, support::Clock& clock,
                                  const std::stop_token& stop) {
  const auto give_up = clock.now() + start_grace;
  for (;;) {
    std::optional<ActiveRun> run = active_run(data);
    if ((run && !run->run_id.empty()) || clock.now() >= give_up ||
        !clock.wait_until(clock.now() + poll_every, stop)) {
      return run;
    }
  }
}

/// Whether the run has let go of the directory. A holder without a name is one that is just ending.
bool has_ended(const config::Data& data, const ActiveRun& run) {
  const std::optional<ActiveRun> now = active_run(data);
  return !now || (!now->run_id.empty() && now->run_id != run.run_id);
}

bool counts_storage(const config::Data& data, const ActiveRun& run) {
  const std::optional<RunFigures> figures = read_figures(data, run.run_id);
  return figures && figures->counts_storage;
}

Kind wait_for_end(const config::Data& data, const ActiveRun& run, support::Mono::time_point give_up,
                  support::Clock& clock, const std::stop_token& stop) {
  while (!has_ended(data, run)) {
    if (clock.now() >= give_up) {
      return counts_storage(data, run) ? Kind::stopped : Kind::still_running;
    }
    if (!clock.wait_until(clock.now() + poll_every, stop)) {
      return Kind::interrupted;
    }
  }
  return Kind::stopped;
}

}  // namespace

StopOutcome stop_run(const config::Data& data, const config::Stopping& stopping,
                     support::Clock& clock, const std::stop_token& stop) {
  const auto started = clock.now();
  StopOutcome outcome;
  const std::optional<ActiveRun> run = find_run(data, clock, stop);
  if (!run) {
    outcome.kind = stop.stop_requested() ? Kind::interrupted : Kind::no_run;
    return outcome;
  }
  outcome.run = *run;
  if (run->run_id.empty()) {  // it would remove a flag raised before it is active
    outcome.kind = stop.stop_requested() ? Kind::interrupted : Kind::still_running;
    outcome.waited = clock.now() - started;
    return outcome;
  }
  if (const auto raised = raise_stop_flag(data); !raised) {
    throw support::Error(support::ExitCode::failed, raised.error());
  }
  outcome.kind = stopping.wait ? wait_for_end(data, *run, started + stopping.timeout, clock, stop)
                 : has_ended(data, *run) ? Kind::stopped
                                         : Kind::asked;
  outcome.waited = clock.now() - started;
  outcome.figures = read_figures(data, run->run_id);
  if (outcome.kind == Kind::stopped) {
    // A run removes the flag itself; one that died, or had ended just before, could not.
    if (!active_run(data)) {
      remove_stop_flag(data);
    }
    if (!outcome.figures || outcome.figures->status != "stopped") {
      outcome.kind = Kind::died;
    }
  }
  return outcome;
}

}  // namespace stresskit::control
