#include "dashboard/run_archive.hpp"

#include "dashboard/run_list.hpp"

#include "stresskit/metrics/messages_file.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace stresskit::dashboard {
namespace {

using metrics::MessagesFile;
using nlohmann::json;

/// An array of names; anything else in it has no name.
std::vector<std::string> read_names(const std::string& bytes) {
  const json list = json::parse(bytes, nullptr, false);
  std::vector<std::string> names;
  for (const json& name : list.is_array() ? list : json::array()) {
    names.push_back(name.is_string() ? name.get<std::string>() : std::string());
  }
  names.resize(std::min(names.size(), DeviceStates::most_devices));
  return names;
}

/// Of every device; none when the file lists only some.
std::vector<std::string> names_in(const json& metrics) {
  std::vector<std::string> names;
  const auto devices = metrics.is_object() ? metrics.find("devices") : metrics.end();
  if (devices == metrics.end() || !devices->is_array() ||
      devices->size() != metrics.value("device_count", json(0))) {
    return names;
  }
  for (const json& device : *devices) {
    const json name = device.is_object() ? device.value("name", json()) : json();
    names.push_back(name.is_string() ? name.get<std::string>() : std::string());
  }
  return names;
}

}  // namespace

RunArchive::RunArchive(const std::string& run_id, const Rebuild& rebuild)
    : run_id_(run_id),
      timeline_file_(path("timeline.csv")),
      bursts_file_(path("bursts.ndjson")),
      events_file_(path("events.ndjson")),
      summary_file_(path("summary.json")),
      rebuilt_(run_id, rebuild),
      observations_(run_id) {}

std::string RunArchive::path(const char* file) const {
  return archive_path(run_id_, file);
}

RunArchive::Reading RunArchive::refresh_timeline(const PublishedFolder& data) {
  Growth growth = timeline_file_.look(data);
  if (growth.is_new) {
    timeline_ = {};
  }
  timeline_problem_ = std::move(growth.problem);
  if (!timeline_problem_ && !add_rows(timeline_, growth.lines)) {
    timeline_problem_ = {.missing = false, .reason = "its first line names no column elapsed_s"};
  }
  return {std::move(growth.tag), growth.more};
}

RunArchive::Reading RunArchive::refresh_bursts(const PublishedFolder& data) {
  Growth growth = bursts_file_.look(data);
  if (growth.is_new) {
    bursts_ = {};
  }
  bursts_.add_lines(growth.lines);
  return {std::move(growth.tag), growth.more};
}

RunArchive::Reading RunArchive::refresh_devices(const PublishedFolder& data) {
  Growth growth = events_file_.look(data);
  if (growth.is_new) {
    const std::size_t known = devices_.size();
    devices_ = {};
    devices_.expect(known);
  }
  devices_.add_lines(growth.lines);
  return {std::move(growth.tag), growth.more};
}

std::string RunArchive::refresh_observations(const PublishedFolder& data) {
  if (!started_at_) {
    const json config = object_in(data, "config.json");
    const auto start = config.find("started_at");
    if (start == config.end() || !start->is_number()) {
      return {};  // without it their times say nothing
    }
    started_at_ = start->get<double>();
  }
  return observations_.refresh(data, *started_at_);
}

const json& RunArchive::verification(const PublishedFolder& data) {
  const auto file = data.open(path("verification.json"));
  const std::string tag = file ? file->tag() : std::string();
  if (tag != verification_tag_) {
    verification_tag_ = tag;
    verification_ = object_in(data, "verification.json");
  }
  return verification_;
}

json RunArchive::object_in(const PublishedFolder& data, const char* name) const {
  const auto file = data.open(path(name));
  json object =
      json::parse(file ? file->contents().value_or(std::string()) : std::string(), nullptr, false);
  return object.is_object() ? object : json();
}

json RunArchive::settings(const PublishedFolder& data) const {
  const json config = object_in(data, "config.json");
  if (config.is_null()) {
    return nullptr;
  }
  json known = json::object();
  for (const char* key : {"run_id", "started_at", "engine", "write_time", "qos", "interval_sec",
                          "device_count", "bursts_planned", "warmup", "stages"}) {
    if (const auto found = config.find(key); found != config.end()) {
      known[key] = *found;
    }
  }
  return known;
}

const std::vector<std::string>& RunArchive::names(const PublishedFolder& data,
                                                  const json& metrics) {
  const auto file = data.open(path("names.json"));
  if (!file && names_.empty()) {
    names_ = names_in(metrics);
  }
  if (file && file->tag() != names_tag_) {
    names_tag_ = file->tag();
    names_ = read_names(file->contents().value_or(std::string()));
  }
  return names_;
}

json RunArchive::outcomes(const PublishedFolder& data, std::size_t device, std::size_t most) const {
  json answer = {{"k", json::array()}, {"outcomes", ""}};
  constexpr std::size_t header_size = MessagesFile::header_size;
  const auto file = data.open(path("messages.bin"));
  const auto layout = MessagesFile::begins_with(
      file ? file->portion(0, header_size).value_or(std::string()) : std::string());
  if (!layout || device >= layout->devices()) {
    return answer;
  }
  const std::size_t records = (file->size() - header_size) / layout->record_size();
  const std::size_t first = records - std::min(records, most);
  std::string letters;
  for (std::size_t at = first; at < records; ++at) {
    // Only the two places of each record that matter here: its number and the device's byte.
    const std::size_t begin = header_size + at * layout->record_size();
    const auto k = file->portion(begin, MessagesFile::k_size);
    const auto byte = file->portion(begin + MessagesFile::byte_of(device), 1);
    if (!k || !byte || k->size() < MessagesFile::k_size || byte->empty()) {
      break;
    }
    constexpr std::array<char, 4> names{'-', 'a', 'l', 'u'};
    answer["k"].push_back(MessagesFile::k_of(*k));
    letters += names.at(static_cast<std::size_t>(MessagesFile::outcome(byte->front(), device)));
  }
  answer["outcomes"] = letters;
  return answer;
}

RunArchive& ArchiveShelf::take(const std::string& run_id) {
  const auto found = std::find_if(archives_.begin(), archives_.end(),
                                  [&](const RunArchive& each) { return each.run_id() == run_id; });
  if (found != archives_.end()) {
    archives_.splice(archives_.begin(), archives_, found);
    return archives_.front();
  }
  archives_.emplace_front(run_id, rebuild_);
  if (archives_.size() > room) {
    const auto idle = std::find_if(archives_.rbegin(), archives_.rend(),
                                   [](const RunArchive& each) { return !each.is_being_rebuilt(); });
    archives_.erase(std::next(idle).base());
  }
  return archives_.front();
}

bool ArchiveShelf::may_rebuild() const {
  return std::count_if(archives_.begin(), archives_.end(), [](const RunArchive& each) {
           return each.is_being_rebuilt();
         }) < most_rebuilding;
}

}  // namespace stresskit::dashboard
