#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/metrics/snapshot.hpp"
#include "stresskit/support/clock.hpp"
#include "stresskit/support/files.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace stresskit::metrics {

/// Keeps a run's files up to date: `metrics.json` every `write_every` and whenever status or phase
/// change, `runs/<run_id>/timeline.csv` a row a second.
///
/// A file that cannot be written is warned about once and tried again with the next snapshot: a
/// full disk costs rows, never the run.
///
/// Threads: none; the thread that conducts the run owns it.
class RunFiles {
 public:
  RunFiles(const config::Data& data, const std::string& run_id, Mono::duration write_every);

  void publish(const Snapshot& snapshot, Mono::time_point now);

  /// Whether the last write of every file succeeded.
  [[nodiscard]] bool intact() const { return !metrics_trouble_ && !timeline_trouble_; }

 private:
  void write_metrics(const Snapshot& snapshot);
  void write_timeline_row(const Snapshot& snapshot);

  std::filesystem::path metrics_;
  Mono::duration write_every_;
  Mono::time_point next_metrics_{};
  Mono::time_point next_row_{};
  std::optional<Status> last_status_;
  std::optional<Phase> last_phase_;
  std::optional<support::AppendFile> timeline_;
  std::filesystem::path timeline_path_;
  bool metrics_trouble_ = false;
  bool timeline_trouble_ = false;
};

}  // namespace stresskit::metrics
