#include "dashboard/timeline.hpp"

#include "dashboard/lines.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <system_error>
#include <utility>

namespace stresskit::dashboard {
namespace {

using nlohmann::json;

/// The columns whose lowest and highest values must survive thinning out. The others only grow.
constexpr std::array<std::string_view, 7> extremes{
    "connected", "disconnected", "failed", "connecting", "age_ms", "cpu_percent", "memory_percent"};

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

/// False when the first line names no column for the time.
bool read_header(Timeline& timeline, std::string_view& csv) {
  std::string_view line;
  if (!next_line(csv, line)) {
    return false;
  }
  const auto names = split(line);
  if (std::find(names.begin(), names.end(), "elapsed_s") == names.end()) {
    return false;
  }
  timeline.names.assign(names.begin(), names.end());
  timeline.columns.resize(names.size());
  return true;
}

json column_json(const std::vector<double>& column) {
  json values = json::array();
  for (const double value : column) {
    const bool integral = std::floor(value) == value && std::abs(value) < 9e15;
    values.push_back(integral ? json(static_cast<std::int64_t>(value)) : json(value));
  }
  return values;
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

bool add_rows(Timeline& timeline, std::string_view csv) {
  std::string_view line;
  if (timeline.names.empty() && !read_header(timeline, csv)) {
    return false;
  }
  const std::size_t clock = timeline.find("elapsed_s");
  std::vector<double> values(timeline.names.size());
  while (next_line(csv, line)) {
    const auto& times = timeline.columns[clock];
    if (!parse_row(line, values) || (!times.empty() && values[clock] < times.back())) {
      continue;
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      timeline.columns[i].push_back(values[i]);
    }
  }
  return true;
}

Timeline cut(const Timeline& whole, double from, double to) {
  const auto& times = whole.columns[whole.find("elapsed_s")];
  const auto first = std::upper_bound(times.begin(), times.end(), from) - times.begin();
  const auto last = std::upper_bound(times.begin(), times.end(), to) - times.begin();
  Timeline some{.names = whole.names, .columns = {}};
  for (const auto& column : whole.columns) {
    some.columns.emplace_back(column.begin() + first, column.begin() + std::max(first, last));
  }
  return some;
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

nlohmann::json timeline_json(const Timeline& wanted, std::size_t points) {
  const Timeline shown = thin_out(wanted, points);
  json columns = json::object();
  for (std::size_t i = 0; i < shown.names.size(); ++i) {
    columns[shown.names[i]] = column_json(shown.columns[i]);
  }
  return {{"rows", wanted.rows()},
          {"thinned", shown.rows() < wanted.rows()},
          {"columns", std::move(columns)}};
}

}  // namespace stresskit::dashboard
