#pragma once

#include "dashboard/published_folder.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace stresskit::dashboard {

/// The start time in a run id ("20261123T101500Z-4f2a"), unix seconds; nothing for any other text.
[[nodiscard]] std::optional<double> run_start(std::string_view run_id);

/// Where a file of a run's archive lies in the data directory.
[[nodiscard]] std::string archive_path(std::string_view run_id, std::string_view file);

/// The archives below `runs/`, each with what its `summary.json` says.
class RunList {
 public:
  /// {"runs": [...], "complete": bool}, newest first, at most `most`. A summary is read once, and
  /// only some in one call; until all are read, `complete` is false and asking again gives more.
  [[nodiscard]] nlohmann::json look(const PublishedFolder& data, std::size_t most);

 private:
  struct Entry {
    std::string tag;  ///< of the summary as it was read
    nlohmann::json figures;
  };
  std::map<std::string, Entry> known_;
};

}  // namespace stresskit::dashboard
