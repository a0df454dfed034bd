#include "text.hpp"
#include "words.hpp"

#include "stresskit/control/run_lock.hpp"
#include "stresskit/metrics/run_record.hpp"
#include "stresskit/report/make_report.hpp"
#include "stresskit/report/run_folders.hpp"
#include "stresskit/support/format.hpp"
#include "stresskit/support/print.hpp"

#include <nlohmann/json.hpp>

namespace stresskit::report {

namespace {

using metrics::RunRecord;
using Json = nlohmann::ordered_json;

/// "kept_up", "killed", "running".
std::string state_of(const RunRecord& run, const std::string& active) {
  if (run.killed) {
    return run.last.run_id == active ? "running" : "killed";
  }
  return std::string(to_string(run.last.verdict.kind));
}

void print_run(const RunRecord& run, const std::string& state) {
  const metrics::Snapshot& last = run.last;
  support::print("{:<22} {:<24} {:>12} {:>8} {:>13}  {}\n", clean(last.run_id),
                 time_text(last.started_at),
                 support::format_duration(support::from_seconds(last.elapsed_s)), last.device_count,
                 last.totals.planned() > 0 ? percent(acknowledged_ratio(last)) : "-", state);
}

Json run_json(const RunRecord& run, const std::string& state) {
  const metrics::Snapshot& last = run.last;
  return {{"run_id", clean(last.run_id)},
          {"folder", clean(run.folder.string())},
          {"started_at", last.started_at},
          {"elapsed_s", last.elapsed_s},
          {"device_count", last.device_count},
          {"planned", last.totals.planned()},
          {"acknowledged_ratio", acknowledged_ratio(last)},
          {"state", state},
          {"verdict", clean(last.verdict.sentence)}};
}

}  // namespace

support::ExitCode list_runs(const config::Settings& settings) {
  const auto holder = control::active_run(settings.data);
  const std::string active = holder ? holder->run_id : "";
  const bool json = settings.output.json;
  Json rows = Json::array();
  if (!json) {
    support::print("{:<22} {:<24} {:>12} {:>8} {:>13}  {}\n", "run", "started", "lasted", "devices",
                   "acknowledged", "verdict");
  }
  for (const auto& folder : run_folders(settings.data)) {
    const auto run = metrics::read_run(folder);
    if (!run) {
      const std::string name = clean(folder.filename().string());
      json ? rows.push_back({{"run_id", name}, {"error", clean(run.error())}})
           : support::print("{:<22} {}\n", name, clean(run.error()));
      continue;
    }
    const std::string state = state_of(*run, active);
    json ? rows.push_back(run_json(*run, state)) : print_run(*run, state);
  }
  if (json) {
    support::print("{}\n", Json{{"runs", rows}}.dump());
  }
  return support::ExitCode::done;
}

}  // namespace stresskit::report
