#pragma once

#include "burst/trial.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// One figure of the table.
struct Figure {
  std::string_view name;   ///< "sink_spread_ms"
  std::string_view title;  ///< of the column
  int decimals = 0;
  double (*of)(const std::vector<Trial>&);  ///< over all trials of one engine
};

[[nodiscard]] const std::vector<Figure>& figures();

/// All trials of one engine in one scenario.
struct EngineResult {
  std::string engine;
  std::vector<Trial> trials;
};

/// The figures of every engine, each with its ratio to the first engine, the raw sockets.
void print_table(const Scenario& scenario, const std::vector<EngineResult>& results);
/// Every burst of each engine's first run: own spread and p99 from due to PUBACK, side by side.
void print_bursts(const std::vector<EngineResult>& results);
[[nodiscard]] nlohmann::json to_json(const Scenario& scenario,
                                     const std::vector<EngineResult>& results);

}  // namespace bench
