#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/metrics/archive.hpp"
#include "stresskit/metrics/news.hpp"
#include "stresskit/metrics/snapshot.hpp"
#include "stresskit/support/clock.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace stresskit::metrics {

/// Keeps a run's files up to date: `metrics.json` every `write_every` and whenever status or phase
/// change, and the archive `runs/<run_id>/`.
///
/// A file that cannot be written is warned about once and tried again with the next snapshot. A
/// full disk costs rows, never the run.
///
/// Threads: none; the thread that conducts the run owns it.
class RunFiles {
 public:
  /// `settings`: what the archive says the run was asked for; no secrets. Throws
  /// support::Error(usage) when the archive cannot be made.
  RunFiles(const config::Data& data, const std::string& run_id, Mono::duration write_every,
           Settings settings);

  void publish(const Snapshot& snapshot, const News& news, Mono::time_point now);

  /// Writes the last snapshot anew, with what was found out after the run: `metrics.json`, the
  /// archive's `summary.json` and `verification.json`.
  void amend(const Snapshot& last);

  /// Whether the last write of `metrics.json` succeeded, and the archive lacks nothing.
  [[nodiscard]] bool intact() const {
    return !metrics_trouble_ && !amend_trouble_ && archive_.intact();
  }

 private:
  void write_metrics(const Snapshot& snapshot);

  std::filesystem::path metrics_;
  std::filesystem::path folder_;
  Archive archive_;
  Mono::duration write_every_;
  Mono::time_point next_metrics_{};
  std::optional<Status> last_status_;
  std::optional<Phase> last_phase_;
  bool metrics_trouble_ = false;
  bool amend_trouble_ = false;
};

}  // namespace stresskit::metrics
