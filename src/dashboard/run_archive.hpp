#pragma once

#include "dashboard/burst_table.hpp"
#include "dashboard/device_states.hpp"
#include "dashboard/growing_file.hpp"
#include "dashboard/metrics_file.hpp"
#include "dashboard/observations.hpp"
#include "dashboard/published_folder.hpp"
#include "dashboard/rebuilt_run.hpp"
#include "dashboard/timeline.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace stresskit::dashboard {

/// What the files below `runs/<run_id>/` say, kept in memory and brought up to date by reading only
/// what was appended. Threads: one.
class RunArchive {
 public:
  explicit RunArchive(const std::string& run_id, const Rebuild& rebuild = rebuild_run);

  [[nodiscard]] const std::string& run_id() const { return run_id_; }

  /// How far a file has been read.
  struct Reading {
    std::string tag;      ///< another one whenever there is news; empty: no such file
    bool behind = false;  ///< a long file is still being caught up with
  };

  /// Each reads what is new in its file.
  Reading refresh_timeline(const PublishedFolder& data);
  Reading refresh_bursts(const PublishedFolder& data);
  Reading refresh_devices(const PublishedFolder& data);

  /// `summary.json`: there once the run has ended by itself.
  [[nodiscard]] const MetricsView& summary(const PublishedFolder& data) {
    return summary_file_.look(data);
  }
  /// What stands in for it when the run was killed; without figures until they are made, which
  /// begins when it `may_begin`.
  [[nodiscard]] const MetricsView& rebuilt(const PublishedFolder& data, bool may_begin) {
    return rebuilt_.look(data, names(data, {}), may_begin);
  }
  [[nodiscard]] bool is_being_rebuilt() const { return rebuilt_.is_being_made(); }

  [[nodiscard]] const Timeline& timeline() const { return timeline_; }
  /// Why there is no timeline; nothing when there is one.
  [[nodiscard]] const std::optional<FileProblem>& timeline_problem() const {
    return timeline_problem_;
  }
  /// Also fed from `metrics.json` when the run keeps no file of its bursts.
  [[nodiscard]] BurstTable& bursts() { return bursts_; }
  [[nodiscard]] DeviceStates& devices() { return devices_; }

  /// What the run saw of the server; brought up to date by `refresh_observations`.
  [[nodiscard]] const Observations& observations() const { return observations_; }
  [[nodiscard]] std::string refresh_observations(const PublishedFolder& data);

  /// `verification.json`, which `verify_storage` may write long after the run; null: there is none.
  [[nodiscard]] const nlohmann::json& verification(const PublishedFolder& data);

  /// The devices' names in the order of their indices, out of `names.json`; of a run that wrote
  /// none, out of its metrics when those list every device.
  [[nodiscard]] const std::vector<std::string>& names(const PublishedFolder& data,
                                                      const nlohmann::json& metrics);

  /// What is known of a run without a final word: the part of `config.json` that stands under the
  /// same keys in a summary; null when there is none.
  [[nodiscard]] nlohmann::json settings(const PublishedFolder& data) const;

  /// The device's message in each of the last `most` settled bursts of `messages.bin`:
  /// {"k": [...], "outcomes": "aal-u"}: acknowledged, lost, unacknowledged, not sent.
  [[nodiscard]] nlohmann::json outcomes(const PublishedFolder& data, std::size_t device,
                                        std::size_t most) const;

 private:
  [[nodiscard]] std::string path(const char* file) const;
  /// A file that is one JSON object; null when it is not.
  [[nodiscard]] nlohmann::json object_in(const PublishedFolder& data, const char* file) const;

  std::string run_id_;
  GrowingFile timeline_file_;
  GrowingFile bursts_file_;
  GrowingFile events_file_;
  Timeline timeline_;
  std::optional<FileProblem> timeline_problem_;
  BurstTable bursts_;
  DeviceStates devices_;
  MetricsFile summary_file_;
  RebuiltRun rebuilt_;
  Observations observations_;
  std::optional<double> started_at_;
  nlohmann::json verification_;
  std::string verification_tag_;
  std::vector<std::string> names_;
  std::string names_tag_;
};

/// The archives that were asked for last; a page looks at one or two.
class ArchiveShelf {
 public:
  explicit ArchiveShelf(Rebuild rebuild = rebuild_run) : rebuild_(std::move(rebuild)) {}

  /// Never waits: a run that is being rebuilt keeps its place until that is done.
  [[nodiscard]] RunArchive& take(const std::string& run_id);

  /// Whether another run may be rebuilt beside those that are; each takes a processor and memory.
  [[nodiscard]] bool may_rebuild() const;

 private:
  static constexpr std::size_t room = 4;
  static constexpr std::ptrdiff_t most_rebuilding = 2;  // fewer than there is room for
  Rebuild rebuild_;
  std::list<RunArchive> archives_;  ///< the last used first
};

}  // namespace stresskit::dashboard
