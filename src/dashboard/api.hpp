#pragma once

#include "dashboard/answer.hpp"
#include "dashboard/banner.hpp"
#include "dashboard/metrics_file.hpp"
#include "dashboard/published_folder.hpp"
#include "dashboard/run_archive.hpp"
#include "dashboard/run_list.hpp"

#include "stresskit/config/settings.hpp"
#include "stresskit/control/run_lock.hpp"
#include "stresskit/support/clock.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace stresskit::dashboard {

/// Who holds the data directory at this moment (control::active_run).
using WhoRuns = std::function<std::optional<control::ActiveRun>()>;

/// The figures of runs, from the published files of a data directory: what /metrics, /api/... and
/// the reports answer. docs/dashboard.md has the table.
///
/// Every answer that is worth it is kept, packed, until one of its files changes, so that many open
/// pages cost little more than one. Threads: one.
class Api {
 public:
  Api(config::Dashboard settings, const std::filesystem::path& data_folder, WhoRuns who_runs,
      support::Clock& clock);

  /// Nothing when the path is none of ours.
  [[nodiscard]] std::optional<Answer> answer(const Request& request);

 private:
  struct Run;
  struct Route;

  [[nodiscard]] Answer metrics(const Request& request);
  [[nodiscard]] Answer state(const Request& request);
  [[nodiscard]] Answer runs(const Request& request);
  [[nodiscard]] Answer summary(const Request& request, Run& run);
  [[nodiscard]] Answer timeline(const Request& request, Run& run);
  [[nodiscard]] Answer bursts(const Request& request, Run& run);
  [[nodiscard]] Answer devices(const Request& request, Run& run);
  [[nodiscard]] Answer names(const Request& request, Run& run);
  [[nodiscard]] Answer device(const Request& request, Run& run);
  [[nodiscard]] Answer incidents(const Request& request, Run& run);
  [[nodiscard]] Answer server(const Request& request, Run& run);
  [[nodiscard]] Answer report(const std::string& run_id) const;

  [[nodiscard]] Banner banner();
  [[nodiscard]] Answer about_run(const Request& request,
                                 Answer (Api::*about)(const Request&, Run&));
  [[nodiscard]] bool is_run(const std::string& run_id) const;
  [[nodiscard]] Answer kept(const Request& request, const std::string& tag,
                            const std::function<Answer()>& make);

  config::Dashboard settings_;
  PublishedFolder data_;
  WhoRuns who_runs_;
  support::Clock& clock_;
  MetricsFile metrics_;
  ArchiveShelf archives_;
  RunList run_list_;
  std::map<std::string, Answer> kept_;  ///< by path and query
};

}  // namespace stresskit::dashboard
