#pragma once

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace stresskit::dashboard {

/// The bursts of a run, as rows of `bursts.ndjson` or entries of `bursts` in `metrics.json` tell
/// them; of each burst the last row counts.
class BurstTable {
 public:
  /// Rows that are no JSON, or name no burst, are skipped.
  void add_lines(std::string_view lines);
  void add(const nlohmann::json& row);
  /// The entries of `bursts` in a metrics file.
  void add_all(const nlohmann::json& metrics);

  /// Counts the rows that brought something new: hand it to `news` to hear of later ones only.
  [[nodiscard]] std::uint64_t sequence() const { return sequence_; }
  [[nodiscard]] bool empty() const { return bursts_.empty(); }

  /// The bursts that changed after `since` (0: all), as columns:
  /// {"next": sequence, "whole": since is 0 or not of this table, "rows", "thinned",
  ///  "columns": {"k": [...], "due": [...], ...}}. Of more than `points` bursts those stay that
  /// were widest, slowest or marked.
  [[nodiscard]] nlohmann::json news(std::uint64_t since, std::size_t points) const;

  /// The figures of a burst that become columns, in milliseconds or counts; null stays null.
  static constexpr std::size_t figures = 18;

 private:
  struct Burst {
    std::array<double, figures> values{};  ///< NaN: not measured
    std::string marks;                     ///< "late slow"
    std::uint64_t changed = 0;

    [[nodiscard]] bool same_as(const Burst& other) const;
  };
  using Row = std::map<std::uint64_t, Burst>::const_iterator;

  [[nodiscard]] std::vector<Row> notable(const std::vector<Row>& rows, std::size_t points) const;

  std::map<std::uint64_t, Burst> bursts_;  ///< by k
  std::uint64_t sequence_ = 0;
};

}  // namespace stresskit::dashboard
