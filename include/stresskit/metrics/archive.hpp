#pragma once

#include "stresskit/metrics/growing_file.hpp"
#include "stresskit/metrics/news.hpp"
#include "stresskit/metrics/snapshot.hpp"
#include "stresskit/support/clock.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace stresskit::metrics {

/// Key and value, as a user would write them, secrets excepted.
using Settings = std::vector<std::pair<std::string, std::string>>;

/// Writes the archive of a run, `runs/<run_id>/`, as docs/formats.md describes it: appended as the
/// run goes on, so that a killed run keeps all but its last second.
///
/// Threads: none; the thread that conducts the run owns it.
class Archive {
 public:
  /// Makes the folder and its files. Throws support::Error(usage) when that is impossible.
  Archive(const std::filesystem::path& folder, Settings settings);

  void add(const Snapshot& snapshot, const News& news, support::Mono::time_point now);

  /// Whether everything is there: every row, and every file that is written whole.
  [[nodiscard]] bool intact() const;

 private:
  void write_config(const Snapshot& snapshot);
  void write_names(const std::vector<std::string>& names);
  void add_rows(const Snapshot& snapshot, const News& news);
  void add_outcomes(const Snapshot& snapshot, const News& news);
  void add_phase(const Snapshot& snapshot);
  void finish(const Snapshot& snapshot, const News& news);

  std::filesystem::path folder_;
  Settings settings_;
  GrowingFile timeline_;
  GrowingFile bursts_;
  GrowingFile histograms_;
  GrowingFile events_;
  GrowingFile messages_;
  bool config_written_ = false;
  bool messages_begun_ = false;  ///< messages.bin has its header
  bool names_failed_ = false;
  bool whole_files_intact_ = true;
  support::Mono::time_point next_row_{};
  std::string told_phase_;
};

}  // namespace stresskit::metrics
