#include "files.hpp"

#include "stresskit/support/files.hpp"

#include <fmt/format.h>

namespace stresskit::metrics {

namespace {

constexpr std::uint64_t known_schema = 1;

void take_settings(const Json& json, RunRecord& record) {
  if (!json.is_object()) {
    record.gaps.emplace_back("config.json holds no settings");
    return;
  }
  for (const auto& [key, value] : json.items()) {
    record.settings.emplace_back(key, value.is_string() ? value.get<std::string>() : value.dump());
  }
}

void take_stages(const Json& json, RunRecord& record) {
  for (const Json& row : json.is_array() ? json : Json::array()) {
    const auto devices = whole(row, "devices");
    const auto first = whole(row, "first_burst");
    const bool in_order =
        record.last.stages.empty() ? first == 0 : first > record.last.stages.back().first_burst;
    if (!devices || !first || !in_order) {
      record.gaps.emplace_back("config.json: a stage cannot be read");
      break;
    }
    StageRow stage;
    stage.devices = *devices;
    stage.first_burst = *first;
    record.last.stages.push_back(stage);
  }
  if (record.last.stages.empty()) {
    StageRow everybody;
    everybody.devices = record.last.device_count;
    record.last.stages.push_back(everybody);
  }
}

}  // namespace

support::Result<void> read_config(RunRecord& record) {
  const auto path = record.folder / "config.json";
  std::error_code ignored;
  if (!std::filesystem::is_directory(record.folder, ignored)) {
    return support::failure(fmt::format("there is no run {}", record.folder.string()));
  }
  const auto text = support::read_file(path);
  if (!text) {
    return support::failure(text.error());
  }
  const auto json = parse_object(*text);
  const auto schema = json ? whole(*json, "schema_version") : std::nullopt;
  if (!schema) {
    return support::failure(
        fmt::format("{} cannot be read: it is not what a run writes", path.string()));
  }
  if (*schema > known_schema) {
    return support::failure(fmt::format(
        "{} is of schema version {}, written by version {} of the kit; this one ends at {}: use "
        "that version",
        path.string(), *schema, word(*json, "version").value_or("?"), known_schema));
  }
  Snapshot& last = record.last;
  record.version = word(*json, "version").value_or("");
  last.run_id = word(*json, "run_id").value_or(record.folder.filename().string());
  last.pid = static_cast<std::int64_t>(whole(*json, "pid").value_or(0));
  last.started_at = number(*json, "started_at").value_or(0);
  last.engine = word(*json, "engine").value_or("");
  last.write_time = word(*json, "write_time").value_or("");
  last.qos = static_cast<int>(whole(*json, "qos").value_or(1));
  last.interval_sec = number(*json, "interval_sec").value_or(0);
  last.write_sec = number(*json, "write_sec").value_or(0);
  last.device_count = whole(*json, "device_count").value_or(0);
  last.bursts_planned = whole(*json, "bursts_planned");
  last.warmup = whole(*json, "warmup").value_or(0);
  take_settings(member(*json, "settings"), record);
  take_stages(member(*json, "stages"), record);
  return {};
}

}  // namespace stresskit::metrics
