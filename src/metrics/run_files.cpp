#include "stresskit/metrics/run_files.hpp"

#include "metrics/trouble.hpp"

#include "stresskit/metrics/metrics_json.hpp"
#include "stresskit/metrics/storage_file.hpp"
#include "stresskit/support/files.hpp"

#include <utility>

namespace stresskit::metrics {

RunFiles::RunFiles(const config::Data& data, const std::string& run_id, Mono::duration write_every,
                   Settings settings)
    : metrics_(data.metrics()),
      folder_(data.runs() / run_id),
      archive_(folder_, std::move(settings)),
      write_every_(write_every) {}

void RunFiles::publish(const Snapshot& snapshot, const News& news, Mono::time_point now) {
  archive_.add(snapshot, news, now);
  const bool turned = last_status_ != snapshot.status || last_phase_ != snapshot.phase;
  last_status_ = snapshot.status;
  last_phase_ = snapshot.phase;
  if (turned || now >= next_metrics_) {
    next_metrics_ = next_tick(next_metrics_, write_every_, now);
    write_metrics(snapshot);
  }
}

void RunFiles::amend(const Snapshot& last) {
  write_metrics(last);
  const auto kept = write_storage(folder_, last.storage);
  const auto summary = kept ? support::replace_file(folder_ / "summary.json", to_json(last)) : kept;
  amend_trouble_ = report_trouble(summary, amend_trouble_, folder_);
}

void RunFiles::write_metrics(const Snapshot& snapshot) {
  metrics_trouble_ = report_trouble(support::replace_file(metrics_, to_json(snapshot)),
                                    metrics_trouble_, metrics_);
}

}  // namespace stresskit::metrics
