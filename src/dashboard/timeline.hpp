#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace stresskit::dashboard {

/// The course of figures over a run, as columns: the rows of its `timeline.csv`, one a second.
struct Timeline {
  std::vector<std::string> names;
  std::vector<std::vector<double>> columns;  ///< as many as names, all of one length

  [[nodiscard]] std::size_t rows() const { return columns.empty() ? 0 : columns.front().size(); }
  /// The position of a column; `names.size()` when there is none of that name.
  [[nodiscard]] std::size_t find(std::string_view name) const;
};

/// Adds the rows of `csv`, read by the names in the header, which is its first line while the
/// timeline has no columns yet. A last line without its end is still being written and left out, as
/// are rows that are no numbers or go back in time. False when the header names no `elapsed_s`:
/// nothing is added then.
bool add_rows(Timeline& timeline, std::string_view csv);

/// The rows with `from < elapsed_s <= to`.
[[nodiscard]] Timeline cut(const Timeline& whole, double from, double to);

/// At most `points` rows out of the timeline, always real ones, first and last included. Within
/// each stretch the rows where a device count is lowest and highest are kept, so a drop of one
/// second is still there in a picture of a day.
[[nodiscard]] Timeline thin_out(const Timeline& whole, std::size_t points);

/// {"rows": how many there were before thinning, "thinned": whether, "columns": {name: [...]}}.
[[nodiscard]] nlohmann::json timeline_json(const Timeline& wanted, std::size_t points);

}  // namespace stresskit::dashboard
