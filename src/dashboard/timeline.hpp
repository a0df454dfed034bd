#pragma once

#include "stresskit/support/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace stresskit::dashboard {

/// The rows of a run's `timeline.csv`, one a second, as columns.
struct Timeline {
  std::vector<std::string> names;
  std::vector<std::vector<double>> columns;  ///< as many as names, all of one length

  [[nodiscard]] std::size_t rows() const { return columns.empty() ? 0 : columns.front().size(); }
  /// The position of a column; `names.size()` when there is none of that name.
  [[nodiscard]] std::size_t find(std::string_view name) const;
};

/// Reads columns by the names in the header, whatever their order. A last row without its line
/// end is still being written and left out, as are rows that are no numbers. Fails when there is
/// no header with `elapsed_s`.
[[nodiscard]] support::Result<Timeline> parse_timeline(std::string_view csv);

/// The rows with `from < elapsed_s <= to`.
[[nodiscard]] Timeline cut(const Timeline& whole, double from, double to);

/// At most `points` rows out of the timeline, always real ones, first and last included. Within
/// each stretch the rows where a device count is lowest and highest are kept, so a drop of one
/// second is still there in a picture of a day.
[[nodiscard]] Timeline thin_out(const Timeline& whole, std::size_t points);

}  // namespace stresskit::dashboard
