#pragma once

#include "dashboard/growing_file.hpp"
#include "dashboard/timeline.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace stresskit::dashboard {

/// What a run saw of the server while it went on: how old the newest stored message of its probe
/// devices was (`freshness.csv`), and what the server said about itself (`server.ndjson`). Most
/// runs have neither. Threads: one.
class Observations {
 public:
  explicit Observations(const std::string& run_id);

  /// Reads what is new. `started_at`: unix seconds of the run's start, from where times count.
  /// The tag is another one whenever there is news; empty: the run has neither file.
  [[nodiscard]] std::string refresh(const PublishedFolder& data, double started_at);

  /// {"freshness": a timeline with `age_ms`, the oldest of the probes in each second,
  ///  "machine": a timeline with `cpu_percent` and `memory_percent`,
  ///  "sources": [{"source", "queue", "first": row, "last": row, "sum": {figure: of all rows}}]},
  /// at most `points` rows of each timeline.
  [[nodiscard]] nlohmann::json told(std::size_t points) const;

 private:
  struct Source {
    nlohmann::json first;
    nlohmann::json last;
    std::map<std::string, double> sum;
  };

  void add_ages(std::string_view rows, double started_at);
  void add_figures(std::string_view rows, double started_at);
  void add_figure(const nlohmann::json& row, double started_at);

  GrowingFile ages_file_;
  GrowingFile figures_file_;
  Timeline ages_;
  std::optional<std::pair<double, double>> this_second_;  ///< its probes are still being asked
  Timeline machine_;
  std::map<std::string, Source> sources_;  ///< by source, and queue where it has several
};

}  // namespace stresskit::dashboard
