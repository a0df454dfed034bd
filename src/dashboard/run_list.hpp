#pragma once

#include "dashboard/published_folder.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stresskit::dashboard {

/// A run that left an archive.
struct RunEntry {
  std::string run_id;
  double started_at = 0;  ///< unix seconds, from the id
  bool has_timeline = false;
};

/// The start time in a run id ("20261123T101500Z-4f2a"), unix seconds; nothing for any other text.
[[nodiscard]] std::optional<double> run_start(std::string_view run_id);

/// The archives below `runs/`, newest first, at most `most`.
[[nodiscard]] std::vector<RunEntry> list_runs(const PublishedFolder& data, std::size_t most);

/// Where a run's timeline lies in the data directory.
[[nodiscard]] std::string timeline_path(std::string_view run_id);

}  // namespace stresskit::dashboard
