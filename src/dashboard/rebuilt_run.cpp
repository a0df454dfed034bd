#include "dashboard/rebuilt_run.hpp"

#include "dashboard/run_list.hpp"

#include "stresskit/metrics/metrics_json.hpp"
#include "stresskit/metrics/run_record.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <utility>

namespace stresskit::dashboard {
namespace {

/// What `metrics::read_run` reads.
constexpr std::array<const char*, 10> rows{
    "config.json",   "summary.json", "bursts.ndjson", "histograms.ndjson", "timeline.csv",
    "events.ndjson", "devices.csv",  "freshness.csv", "server.ndjson",     "verification.json"};

/// Regular files of a size that can be read whole, or none at all.
bool may_be_read(const PublishedFolder& data, const std::string& run_id) {
  return std::all_of(rows.begin(), rows.end(), [&](const char* name) {
    const auto file = data.open(archive_path(run_id, name));
    return file ? file->size() <= largest_file : file.error().missing;
  });
}

bool has_come(const std::future<MetricsView>& figures) {
  return figures.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

}  // namespace

MetricsView rebuild_run(const std::stop_token& stop, const std::filesystem::path& folder,
                        const std::vector<std::string>& names) try {
  auto record = metrics::read_run(folder, stop);
  if (!record) {
    return {};
  }
  for (metrics::DeviceRow& device : record->last.devices) {
    if (device.index < names.size()) {
      device.name = names[device.index];
    }
  }
  return read_metrics(metrics::to_json(record->last));
} catch (const std::exception&) {
  return {};  // memory ran out, say: one run without figures is better than no dashboard
}

const MetricsView& RebuiltRun::look(const PublishedFolder& data,
                                    const std::vector<std::string>& names, bool may_begin) {
  if (may_begin && !making_.valid() && made_.tag.empty()) {
    made_.tag = "being rebuilt";
    if (may_be_read(data, run_id_)) {
      std::packaged_task<MetricsView(std::stop_token)> task(
          [rebuild = rebuild_, folder = data.root() / archive_path(run_id_, ""),
           names](const std::stop_token& stop) { return rebuild(stop, folder, names); });
      making_ = task.get_future();
      maker_ = std::jthread(std::move(task));
    }
  }
  if (making_.valid() && has_come(making_)) {
    made_ = making_.get();
    made_.tag = "rebuilt";
  }
  return made_;
}

bool RebuiltRun::is_being_made() const {
  return making_.valid() && !has_come(making_);
}

}  // namespace stresskit::dashboard
