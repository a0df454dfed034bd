#include "faults/file_writers.hpp"

#include "metrics/reading/rows.hpp"
#include "provision/fleet_files.hpp"
#include "report/formats.hpp"
#include "report/load_run.hpp"
#include "support/run_archive.hpp"
#include "support/temp_dir.hpp"
#include "verification/device_rows.hpp"
#include "verification/observed_rows.hpp"

#include "stresskit/control/run_lock.hpp"
#include "stresskit/control/stop_flag.hpp"
#include "stresskit/fleet/devices_csv.hpp"
#include "stresskit/fleet/tokens.hpp"
#include "stresskit/metrics/idle.hpp"
#include "stresskit/metrics/run_files.hpp"
#include "stresskit/metrics/run_record.hpp"
#include "stresskit/metrics/storage_file.hpp"
#include "stresskit/report/comparison.hpp"
#include "stresskit/support/files.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <memory>

namespace stresskit::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using nlohmann::json;
using support::Result;

Result<void> unless_warned(bool intact) {
  return intact ? Result<void>() : support::failure(warned);
}

// What is wrong with a file.

template <class Read>
auto readable(const char* file, Read read) {
  return [=](const fs::path& folder) -> std::string {
    if (!fs::exists(folder / file)) return "";
    const auto document = read(folder / file);
    return document ? "" : std::string(file) + " cannot be read";
  };
}
auto whole_json(const char* file) {
  return readable(file, [](const fs::path& path) {
    return json::accept(*support::read_file(path)) ? std::optional(true) : std::nullopt;
  });
}

std::string nothing(const fs::path&) {
  return "";
}

/// What is missing may be missing (that is what readers have gaps for), a row that is no row not.
std::string broken_row(const metrics::Gaps& gaps) {
  for (const std::string& gap : gaps) {
    if (gap.find("row") != std::string::npos) return gap;
  }
  return "";
}

std::string archive_trouble(const fs::path& archive) {
  if (!fs::exists(archive / "config.json")) return "";
  const auto record = metrics::read_run(archive);
  return record ? broken_row(record->gaps) : record.error();
}

/// Every file is, to the byte, what `write` leaves where nothing fails; but for temporary ones,
/// which a killed writer leaves.
auto same_as(const std::function<Result<void>(const fs::path&)>& write) {
  const auto intact = std::make_shared<TempDir>();
  (void)write(intact->path());
  return [intact](const fs::path& folder) -> std::string {
    for (const auto& file : fs::recursive_directory_iterator(folder)) {
      if (!file.is_regular_file() || file.path().filename().native().starts_with('.')) continue;
      const auto meant = intact->path() / fs::relative(file, folder);
      if (support::read_file(file).value() != support::read_file(meant).value()) {
        return file.path().string() + " is not whole";
      }
    }
    return "";
  };
}

/// The archive of a finished run that stands in `folder`, made if it does not.
fs::path finished_run(const fs::path& folder, const std::string& run_id = "finished") {
  MadeRun run;
  run.run_id = run_id;
  const fs::path archive = folder / "runs" / run.run_id;
  if (fs::is_directory(folder) && !fs::exists(archive)) {
    write_archive(folder / "runs", run);
  }
  return archive;
}

// Writers that take some lines.

Result<void> fleet_files(const fs::path& folder) {
  config::Fleet fleet;
  fleet.prefix = "sim";
  fleet.count = 2;
  provision::FleetFiles files(config::Data{folder}, fleet);
  files.put(1, {"id", "sim-001", "label", "token"});
  return files.save();
}

Result<void> lock(const fs::path& folder) {
  const auto held = control::RunLock::take(config::Data{folder}, "run");
  return control::active_run(config::Data{folder})->run_id == "run"
             ? Result<void>()
             : support::failure("the lock does not say who holds it");
}

/// A run of three bursts, a snapshot each, and what was found out after it.
Result<void> run_files(const fs::path& folder) {
  constexpr support::Mono::time_point start{1000s};
  metrics::Snapshot s;
  s.run_id = "run";
  s.status = metrics::Status::running;
  s.phase = metrics::Phase::bursting;
  s.engine = "native";
  s.write_time = "written";
  s.device_count = 4;
  s.interval_sec = 1;
  s.stages = {{.devices = 4, .first_burst = 0}};
  metrics::RunFiles files(config::Data{folder}, "run", 1s, {});
  for (std::uint64_t k = 0; k < 3; ++k) {
    metrics::News news;
    news.bursts.emplace_back().k = k;
    news.outcomes.push_back({k, std::vector<metrics::Outcome>(4, metrics::Outcome::acknowledged)});
    if (k == 0) news.names = {"sim-001", "sim-002", "sim-003", "sim-004"};
    if (k == 2) s.status = metrics::Status::stopped;
    s.elapsed_s = static_cast<double>(k);
    files.publish(s, news, start + k * 1s);
  }
  files.amend(s);
  return unless_warned(files.intact());
}
std::string run_files_trouble(const fs::path& folder) {
  const fs::path archive = folder / "runs/run";
  return whole_json("metrics.json")(folder) + whole_json("summary.json")(archive) +
         whole_json("verification.json")(archive) + archive_trouble(archive);
}

Result<void> observed_rows(const fs::path& folder) {
  verification::ObservedRows rows(finished_run(folder, "run"));
  rows.add_age(1'764'000'001, "sim-001", 1, 0.2);
  rows.add({.unix_s = 1'764'000'001, .source = "usage", .figures = {{"messages", 4}}});
  rows.add_age(1'764'000'002, "sim-001", std::nullopt, 0.2);
  return unless_warned(rows.intact());
}

/// A verification that goes on where an earlier one was interrupted.
Result<void> device_rows(const fs::path& folder) {
  const fs::path archive = finished_run(folder);
  std::ofstream(archive / "verification.json") << R"({"state": "incomplete"})";
  verification::DeviceRows rows(archive, 4);
  for (std::size_t i = 0; i < 3; ++i) {
    rows.add(i, "sim-001", verification::Progress::settled, {});
  }
  return unless_warned(rows.intact());
}
std::string device_rows_trouble(const fs::path& folder) {
  metrics::Gaps gaps;
  const fs::path file = finished_run(folder) / "verification.ndjson";
  metrics::for_each_row(file, gaps, [](std::string_view row) { return json::accept(row); });
  return broken_row(gaps);
}

Result<void> late_verification(const fs::path& folder) {
  return metrics::write_late_storage(finished_run(folder), {});
}

/// A run in every format, and compared with itself in every format.
std::vector<report::Document> all_documents() {
  const TempDir folder;
  const auto run = report::load_run(finished_run(folder.path()), {});
  const auto both = report::compare(run, run);
  std::vector<report::Document> all{{"comparison.html", report::html(both)},
                                    {"comparison.md", report::markdown(both)},
                                    {"comparison.json", report::json(both)}};
  for (const char* format : {"html", "json", "junit", "csv", "markdown", "hgrm"}) {
    for (auto& document : report::documents(format, run)) all.push_back(std::move(document));
  }
  return all;
}

Result<void> reports(const fs::path& folder) {
  static const auto all = all_documents();
  report::write_documents(all, folder / "reports", {});
  return {};
}

Result<void> one_report(const fs::path& folder) {
  report::write_documents({{"report.xml", "<testsuites/>"}}, folder / "one.xml", {});
  return {};
}

/// As run_sandbox writes what --env-out names.
Result<void> sandbox_env(const fs::path& folder) {
  return support::replace_file(folder / "sandbox.env", "TB_URL=http://127.0.0.1:8080\n", 0600);
}

}  // namespace

const std::vector<FileWriter>& file_writers() {
  static const std::vector<FileWriter> all{
      {"Tokens",
       [](const fs::path& folder) {
         return fleet::write_tokens(folder / "tokens.json", {{"sim-001", "t"}});
       },
       readable("tokens.json", fleet::read_tokens)},
      {"DevicesCsv",
       [](const fs::path& folder) {
         return fleet::write_devices_csv(folder / "devices.csv", {{"id", "sim-001", "l", "t"}});
       },
       readable("devices.csv", fleet::read_devices_csv)},
      {"FleetFiles", fleet_files, same_as(fleet_files)},
      {"IdleMetrics",
       [](const fs::path& folder) {
         return metrics::write_idle(config::Data{folder}, 3, support::real_clock());
       },
       whole_json("metrics.json")},
      {"StopFlag",
       [](const fs::path& folder) { return control::raise_stop_flag(config::Data{folder}); },
       nothing},
      {"RunLock", lock, nothing},
      {"RunAndArchive", run_files, run_files_trouble},
      {"ObservedRows", observed_rows,
       [](const fs::path& folder) { return archive_trouble(folder / "runs/run"); }},
      {"DeviceRows", device_rows, device_rows_trouble},
      {"LateVerification", late_verification,
       [](const fs::path& folder) {
         return whole_json("summary.json")(finished_run(folder)) +
                whole_json("verification.json")(finished_run(folder));
       }},
      {"Reports", reports, same_as(reports), support::ExitCode::failed},
      {"OneReport", one_report, same_as(one_report), support::ExitCode::failed},
      {"SandboxEnv", sandbox_env, same_as(sandbox_env)},
  };
  return all;
}

}  // namespace stresskit::test
