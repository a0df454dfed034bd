#include "stresskit/metrics/archive.hpp"

#include "metrics/rows.hpp"
#include "metrics/trouble.hpp"

#include "stresskit/metrics/messages_file.hpp"
#include "stresskit/metrics/metrics_json.hpp"
#include "stresskit/support/csv.hpp"
#include "stresskit/support/error.hpp"
#include "stresskit/support/files.hpp"
#include "stresskit/support/log.hpp"
#include "stresskit/support/version.hpp"

#include <fmt/format.h>

namespace stresskit::metrics {

namespace {

using namespace std::chrono_literals;
using support::Mono;

std::filesystem::path made(const std::filesystem::path& folder) {
  support::refuse_symlink(folder.parent_path());
  support::refuse_symlink(folder);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw support::Error(support::ExitCode::usage,
                         fmt::format("cannot create {}: {}", folder.string(), error.message()));
  }
  return folder;
}

std::string devices_csv(const std::vector<DeviceRow>& devices) {
  std::string text =
      "index,name,device_id,status,last_stage,last_seen,last_failure,failure_reason,"
      "failure_detail,planned,attempted,skipped,sent,failed,acknowledged,lost,unacknowledged\n";
  const auto time = [](const std::optional<double>& at) {
    return at ? fmt::format("{:.3f}", *at) : std::string();
  };
  for (const DeviceRow& row : devices) {
    const SmallCounters& c = row.counters;
    text += fmt::format(
        "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", row.index,
        support::csv_field(row.name), support::csv_field(row.device_id), to_string(row.state),
        fleet::to_string(row.last_stage), time(row.last_seen), time(row.last_failure),
        row.failure ? fleet::to_string(row.failure->bucket) : "",
        row.failure ? support::csv_field(row.failure->detail) : "", c.planned(), c.attempted(),
        c.skipped(), c.sent(), c.failed(), c.acknowledged(), c.lost(), c.unacknowledged());
  }
  return text;
}

/// Warns of a file that is written but once; returns whether it was.
bool told(const support::Result<void>& written) {
  if (!written) {
    support::warn("{}", written.error());
  }
  return written.has_value();
}

}  // namespace

Archive::Archive(const std::filesystem::path& folder, Settings settings)
    : folder_(made(folder)),
      settings_(std::move(settings)),
      timeline_(folder / "timeline.csv"),
      bursts_(folder / "bursts.ndjson"),
      histograms_(folder / "histograms.ndjson"),
      events_(folder / "events.ndjson"),
      messages_(folder / "messages.bin") {
  timeline_.require(timeline_header);
  for (GrowingFile* const file : {&bursts_, &histograms_, &events_, &messages_}) {
    file->require();
  }
}

void Archive::add(const Snapshot& snapshot, const News& news, Mono::time_point now) {
  if (!config_written_) {
    write_config(snapshot);
  }
  if (!news.names.empty()) {
    write_names(news.names);
  }
  add_phase(snapshot);
  add_rows(snapshot, news);
  add_outcomes(snapshot, news);
  const bool last = snapshot.status == Status::stopped;
  if (now >= next_row_ || last) {
    next_row_ = next_tick(next_row_, 1s, now);
    timeline_.append(timeline_row(snapshot));
  }
  if (last) {
    finish(snapshot, news);
  }
}

void Archive::write_config(const Snapshot& s) {
  Json json;
  json["schema_version"] = 1;
  json["run_id"] = s.run_id;
  json["version"] = support::version();
  json["pid"] = s.pid;
  json["started_at"] = s.started_at;
  json["engine"] = s.engine;
  json["write_time"] = s.write_time;
  json["qos"] = s.qos;
  json["interval_sec"] = s.interval_sec;
  json["write_sec"] = s.write_sec;
  json["device_count"] = s.device_count;
  json["bursts_planned"] = s.bursts_planned ? Json(*s.bursts_planned) : Json(nullptr);
  json["warmup"] = s.warmup;
  json["stages"] = Json::array();
  for (const StageRow& stage : s.stages) {
    json["stages"].push_back({{"devices", stage.devices}, {"first_burst", stage.first_burst}});
  }
  json["settings"] = Json::object();
  for (const auto& [key, value] : settings_) {
    json["settings"][key] = value;
  }
  const auto path = folder_ / "config.json";
  config_written_ = !report_trouble(support::replace_file(path, line(json)), false, path);
}

void Archive::write_names(const std::vector<std::string>& names) {
  const auto path = folder_ / "names.json";
  names_failed_ = !told(support::replace_file(path, line(Json(names))));
}

void Archive::add_phase(const Snapshot& s) {
  const std::string phase = fmt::format("{}/{}", to_string(s.status), to_string(s.phase));
  if (std::exchange(told_phase_, phase) != phase) {
    Event event;
    event.at_s = s.elapsed_s;
    event.words = phase;
    events_.append(line(event_json(event)));
  }
}

void Archive::add_rows(const Snapshot& snapshot, const News& news) {
  std::string text;
  for (const BurstRow& row : news.bursts) {
    text += line(burst_json(row));
  }
  bursts_.append(std::exchange(text, {}));
  for (const auto& [key, histogram] : news.histograms) {
    text += line(histogram_json(key, histogram, snapshot.elapsed_s));
  }
  histograms_.append(std::exchange(text, {}));
  for (const Event& event : news.events) {
    text += line(event_json(event));
  }
  events_.append(text);
}

void Archive::add_outcomes(const Snapshot& snapshot, const News& news) {
  // Records without a header in front could not be read: it is tried until it is there.
  const MessagesFile file(snapshot.device_count);
  std::string bytes = messages_begun_ ? "" : file.header();
  for (const BurstOutcomes& burst : news.outcomes) {
    // A reader finds its records by their length.
    if (burst.outcomes.size() == file.devices()) {
      bytes += file.record(burst.k, burst.outcomes);
    }
  }
  messages_begun_ = messages_.append(bytes) || messages_begun_;
}

void Archive::finish(const Snapshot& snapshot, const News& news) {
  std::string text;
  for (const ThresholdRow& row : snapshot.thresholds) {
    if (row.state != ThresholdRow::State::passed) {
      Event event;
      event.at_s = snapshot.elapsed_s;
      event.type = Event::Type::threshold;
      event.words = row.text;
      event.actual = row.actual;
      text += line(event_json(event));
    }
  }
  events_.append(text);
  const auto devices = folder_ / "devices.csv";
  const auto summary = folder_ / "summary.json";
  const bool devices_kept = told(support::replace_file(devices, devices_csv(news.devices)));
  const bool summary_kept = told(support::replace_file(summary, to_json(snapshot)));
  whole_files_intact_ = devices_kept && summary_kept;
}

bool Archive::intact() const {
  return config_written_ && !names_failed_ && whole_files_intact_ && timeline_.intact() &&
         bursts_.intact() && histograms_.intact() && events_.intact() && messages_.intact();
}

}  // namespace stresskit::metrics
