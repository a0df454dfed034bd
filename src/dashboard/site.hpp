#pragma once

#include "dashboard/metrics_file.hpp"
#include "dashboard/published_folder.hpp"

#include "stresskit/config/settings.hpp"
#include "stresskit/control/run_lock.hpp"
#include "stresskit/support/clock.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace stresskit::dashboard {

/// What a client asks for. `path` and the values are decoded and may hold any byte.
struct Request {
  std::string method = "GET";
  std::string path;
  std::map<std::string, std::string> query;
  std::string if_none_match;
};

struct Answer {
  int status = 200;
  std::string type{};  ///< media type; empty: no body
  std::string body{};
  std::string tag{};          ///< ETag without its quotes; empty: none
  bool changes_often = true;  ///< data is never stored; files are kept and asked about again
};

/// Who holds the data directory at this moment (control::active_run).
using WhoRuns = std::function<std::optional<control::ActiveRun>()>;

/// What is answered under which path: no sockets, no HTTP syntax.
class Site {
 public:
  Site(config::Dashboard settings, const std::filesystem::path& data_folder,
       const std::filesystem::path& web_folder, WhoRuns who_runs, support::Clock& clock);

  /// Threads: one at a time, as it remembers the last state of `metrics.json`.
  [[nodiscard]] Answer answer(const Request& request);

 private:
  [[nodiscard]] Answer find(const Request& request);
  [[nodiscard]] Answer page_file(std::string_view path) const;
  [[nodiscard]] Answer metrics();
  [[nodiscard]] Answer state();
  [[nodiscard]] Answer timeline(const Request& request);
  [[nodiscard]] Answer runs() const;

  config::Dashboard settings_;
  PublishedFolder web_;
  PublishedFolder published_;
  WhoRuns who_runs_;
  MetricsFile metrics_;
  support::Clock& clock_;
};

/// A failure as JSON: {"error": "..."}.
[[nodiscard]] Answer error_answer(int status, std::string_view sentence);

}  // namespace stresskit::dashboard
