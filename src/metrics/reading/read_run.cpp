#include "files.hpp"
#include "rebuild.hpp"

#include "stresskit/metrics/storage_file.hpp"

namespace stresskit::metrics {

support::Result<RunRecord> read_run(const std::filesystem::path& folder,
                                    const std::stop_token& stop) {
  RunRecord record;
  record.folder = folder;
  if (const auto readable = read_config(record); !readable) {
    return support::failure(readable.error());
  }
  const auto summary = read_summary(record);
  record.killed = !summary;
  if (summary) {
    take_summary(*summary, record.last);
  } else {
    record.gaps.emplace_back(
        "no summary: the run was killed, or is still going on; its last second may be missing");
  }
  for (const auto read_one : {read_bursts, read_histograms, read_timeline, read_events,
                              read_devices, read_freshness, read_server}) {
    if (stop.stop_requested()) {
      return support::failure("stopped");
    }
    read_one(record);
  }
  record.last.storage = read_storage(folder).value_or(Storage{});
  rebuild(record);
  return record;
}

}  // namespace stresskit::metrics
