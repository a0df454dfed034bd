#include "dashboard/rebuilt_run.hpp"

#include "dashboard/run_list.hpp"

#include "stresskit/metrics/metrics_json.hpp"
#include "stresskit/metrics/run_record.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <utility>

namespace stresskit::dashboard {
namespace {

/// What `metrics::read_run` reads.
constexpr std::array<const char*, 7> rows{"config.json",      "bursts.ndjson", "histograms.ndjson",
                                          "timeline.csv",     "events.ndjson", "devices.csv",
                                          "verification.json"};

/// Regular files of a size that can be read whole, or none at all.
bool may_be_read(const PublishedFolder& data, const std::string& run_id) {
  return std::all_of(rows.begin(), rows.end(), [&](const char* name) {
    const auto file = data.open(archive_path(run_id, name));
    return file ? file->size() <= largest_file : file.error().missing;
  });
}

MetricsView rebuild(const std::filesystem::path& folder, const std::vector<std::string>& names) {
  auto record = metrics::read_run(folder);
  if (!record) {
    return {};
  }
  for (metrics::DeviceRow& device : record->last.devices) {
    if (device.index < names.size()) {
      device.name = names[device.index];
    }
  }
  return read_metrics(metrics::to_json(record->last));
}

}  // namespace

const MetricsView& RebuiltRun::look(const PublishedFolder& data,
                                    const std::vector<std::string>& names) {
  if (!making_.valid() && made_.tag.empty()) {
    made_.tag = "being rebuilt";
    if (may_be_read(data, run_id_)) {
      making_ =
          std::async(std::launch::async, rebuild, data.root() / archive_path(run_id_, ""), names);
    }
  }
  if (making_.valid() && making_.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
    made_ = making_.get();
    made_.tag = "rebuilt";
  }
  return made_;
}

}  // namespace stresskit::dashboard
