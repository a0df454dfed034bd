#include "dashboard/timeline.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <system_error>
#include <utility>

namespace stresskit::dashboard {
namespace {

/// The columns whose lowest and highest values must survive thinning out. The others only grow.
constexpr std::array<std::string_view, 4> extremes{"connected", "disconnected", "failed",
                                                   "connecting"};

std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> fields;
  for (std::size_t comma = 0; comma != std::string_view::npos;) {
    comma = line.find(',');
    fields.push_back(line.substr(0, comma));
    line.remove_prefix(comma == std::string_view::npos ? line.size() : comma + 1);
  }
  return fields;
}

bool parse_row(std::string_view line, std::vector<double>& values) {
  const auto fields = split(line);
  if (fields.size() != values.size()) {
    return false;
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const char* end = fields[i].data() + fields[i].size();
    const auto read = std::from_chars(fields[i].data(), end, values[i]);
    if (read.ec != std::errc() || read.ptr != end || !std::isfinite(values[i])) {
      return false;
    }
  }
  return true;
}

/// Takes the next whole line off `rest`; false when none is left.
bool next_line(std::string_view& rest, std::string_view& line) {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) {
    return false;
  }
  line = rest.substr(0, end);
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  rest.remove_prefix(end + 1);
  return true;
}

Timeline pick(const Timeline& whole, const std::vector<std::size_t>& rows) {
  Timeline some{.names = whole.names, .columns = {}};
  for (const auto& column : whole.columns) {
    auto& values = some.columns.emplace_back();
    values.reserve(rows.size());
    for (const std::size_t row : rows) {
      values.push_back(column[row]);
    }
  }
  return some;
}

/// First, last and extreme rows of each of `stretches` equal parts, in order, each once.
std::vector<std::size_t> notable_rows(const Timeline& whole, std::size_t stretches) {
  std::vector<std::size_t> rows;
  for (std::size_t part = 0; part < stretches; ++part) {
    const std::size_t first = whole.rows() * part / stretches;
    const std::size_t last = whole.rows() * (part + 1) / stretches;
    if (first == last) {
      continue;
    }
    rows.push_back(first);
    rows.push_back(last - 1);
    for (const std::string_view name : extremes) {
      const std::size_t at = whole.find(name);
      if (at == whole.names.size()) {
        continue;
      }
      const auto begin = whole.columns[at].begin();
      const auto [low, high] = std::minmax_element(begin + static_cast<std::ptrdiff_t>(first),
                                                   begin + static_cast<std::ptrdiff_t>(last));
      rows.push_back(static_cast<std::size_t>(low - begin));
      rows.push_back(static_cast<std::size_t>(high - begin));
    }
  }
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

}  // namespace

std::size_t Timeline::find(std::string_view name) const {
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

support::Result<Timeline> parse_timeline(std::string_view csv) {
  std::string_view line;
  Timeline timeline;
  if (next_line(csv, line)) {
    for (const std::string_view name : split(line)) {
      timeline.names.emplace_back(name);
    }
  }
  if (timeline.find("elapsed_s") == timeline.names.size()) {
    return support::failure("its first line names no column elapsed_s");
  }
  timeline.columns.resize(timeline.names.size());
  std::vector<double> values(timeline.names.size());
  while (next_line(csv, line)) {
    if (!parse_row(line, values)) {
      continue;
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      timeline.columns[i].push_back(values[i]);
    }
  }
  return timeline;
}

Timeline cut(const Timeline& whole, double from, double to) {
  const auto& elapsed = whole.columns[whole.find("elapsed_s")];
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < elapsed.size(); ++row) {
    if (elapsed[row] > from && elapsed[row] <= to) {
      rows.push_back(row);
    }
  }
  return pick(whole, rows);
}

Timeline thin_out(const Timeline& whole, std::size_t points) {
  if (whole.rows() <= points) {
    return whole;
  }
  // A quiet run needs two rows a stretch, a stormy one up to ten: try fine stretches first.
  std::size_t stretches = std::max<std::size_t>(points / 2, 1);
  std::vector<std::size_t> rows = notable_rows(whole, stretches);
  while (rows.size() > points && stretches > 1) {
    stretches = stretches * 3 / 4;
    rows = notable_rows(whole, stretches);
  }
  return pick(whole, rows);
}

}  // namespace stresskit::dashboard
