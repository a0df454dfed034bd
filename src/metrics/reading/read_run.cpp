#include "files.hpp"
#include "rebuild.hpp"

#include "stresskit/metrics/storage_file.hpp"

namespace stresskit::metrics {

support::Result<RunRecord> read_run(const std::filesystem::path& folder) {
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
  read_bursts(record);
  read_histograms(record);
  read_timeline(record);
  read_events(record);
  read_devices(record);
  read_freshness(record);
  read_server(record);
  record.last.storage = read_storage(folder).value_or(Storage{});
  rebuild(record);
  return record;
}

}  // namespace stresskit::metrics
