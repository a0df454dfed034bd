#pragma once

#include "dashboard/published_folder.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace stresskit::dashboard {

/// What the banner needs of a whole `metrics.json`.
struct MetricsHead {
  std::string status;
  std::string message;  ///< of an idle file
  std::string phase;
  std::string run_id;
  std::int64_t pid = 0;
  double updated_at = 0;        ///< unix seconds
  double write_sec = 0;         ///< how often the writer promised to write; 0: it did not say
  bool counts_storage = false;  ///< the run has ended and reads back what the server stored
};

/// `metrics.json` as it was found: exactly one of `head` and `problem` is set.
struct MetricsView {
  std::optional<MetricsHead> head{};
  std::optional<FileProblem> problem{};  ///< missing, or why it cannot be used
  nlohmann::json document{};             ///< the file's object, whenever `head` is set
  std::string bytes{};                   ///< the file as it is, whenever `head` is set
  std::string tag{};
};

/// Reads `metrics.json`, or the `summary.json` of an archive, anew only when it has changed.
class MetricsFile {
 public:
  explicit MetricsFile(std::string relative = "metrics.json") : relative_(std::move(relative)) {}

  [[nodiscard]] const MetricsView& look(const PublishedFolder& folder);

 private:
  std::string relative_;
  MetricsView last_;
};

/// Checks the bytes of a `metrics.json` and takes the banner's part out of them. `tag` stays empty.
[[nodiscard]] MetricsView read_metrics(std::string bytes);

}  // namespace stresskit::dashboard
