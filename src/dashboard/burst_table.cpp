#include "dashboard/burst_table.hpp"

#include "dashboard/lines.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

namespace stresskit::dashboard {
namespace {

using nlohmann::json;

/// Where a figure stands in a row, and the name of its column.
struct Figure {
  std::string_view column;
  std::string_view group;  ///< the object in the row that holds it; empty: the row itself
  std::string_view key;
};
constexpr std::array<Figure, BurstTable::figures> columns{{
    {"due", "", "due"},
    {"release_lateness_ms", "", "release_lateness_ms"},
    {"spread_ms", "", "spread_ms"},
    {"ack_drain_ms", "", "ack_drain_ms"},
    {"due_p50", "ack_from_due_ms", "p50"},
    {"due_p99", "ack_from_due_ms", "p99"},
    {"due_max", "ack_from_due_ms", "max"},
    {"write_p50", "ack_from_write_ms", "p50"},
    {"write_p99", "ack_from_write_ms", "p99"},
    {"write_max", "ack_from_write_ms", "max"},
    {"planned", "", "planned"},
    {"sent", "", "sent"},
    {"acknowledged", "", "acknowledged"},
    {"failed", "", "failed"},
    {"skipped", "", "skipped"},
    {"lost", "", "lost"},
    {"unacknowledged", "", "unacknowledged"},
    {"in_flight", "", "in_flight"},
}};
/// What a thinned picture must not lose: spread, drain, p99 from due.
constexpr std::array<std::size_t, 3> extremes{2, 3, 5};

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

double figure_of(const json& row, const Figure& figure) {
  const json* at = &row;
  if (!figure.group.empty()) {
    const auto group = row.find(figure.group);
    if (group == row.end() || !group->is_object()) {
      return nothing;
    }
    at = &*group;
  }
  const auto found = at->find(figure.key);
  return found != at->end() && found->is_number() ? found->get<double>() : nothing;
}

std::string marks_of(const json& row) {
  std::string text;
  const auto marks = row.find("marks");
  if (marks != row.end() && marks->is_array()) {
    for (const json& mark : *marks) {
      if (mark.is_string() && text.size() < 64) {
        text += (text.empty() ? "" : " ") + mark.get<std::string>();
      }
    }
  }
  return text;
}

/// Three decimals of a millisecond are a microsecond; more would only fill the line.
json short_number(double value) {
  if (!std::isfinite(value)) {
    return nullptr;
  }
  const double rounded = std::round(value * 1000) / 1000;
  return std::floor(rounded) == rounded && std::abs(rounded) < 9e15
             ? json(static_cast<std::int64_t>(rounded))
             : json(rounded);
}

}  // namespace

bool BurstTable::Burst::same_as(const Burst& other) const {
  return marks == other.marks &&
         std::equal(values.begin(), values.end(), other.values.begin(),
                    [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); });
}

void BurstTable::add_lines(std::string_view lines) {
  std::string_view line;
  while (next_line(lines, line)) {
    add(json::parse(line, nullptr, false));
  }
}

void BurstTable::add_all(const json& metrics) {
  const auto rows = metrics.find("bursts");
  if (rows != metrics.end() && rows->is_array()) {
    for (const json& row : *rows) {
      add(row);
    }
  }
}

void BurstTable::add(const json& row) {
  const auto k = row.is_object() ? row.find("k") : row.end();
  if (!row.is_object() || k == row.end() || !k->is_number_integer() || k->get<std::int64_t>() < 0) {
    return;
  }
  Burst burst{.marks = marks_of(row)};
  std::transform(columns.begin(), columns.end(), burst.values.begin(),
                 [&row](const Figure& figure) { return figure_of(row, figure); });
  Burst& known = bursts_[k->get<std::uint64_t>()];
  if (known.changed == 0 || !known.same_as(burst)) {
    burst.changed = ++sequence_;
    known = std::move(burst);
  }
}

std::vector<BurstTable::Row> BurstTable::notable(const std::vector<Row>& rows,
                                                 std::size_t points) const {
  if (rows.size() <= points) {
    return rows;
  }
  // Five of each stretch at most: its first, its three extremes, and a marked one.
  const std::size_t stretches = std::max<std::size_t>(points / 5, 1);
  std::vector<std::size_t> kept;
  for (std::size_t part = 0; part < stretches; ++part) {
    const auto first = rows.begin() + static_cast<std::ptrdiff_t>(rows.size() * part / stretches);
    const auto last =
        rows.begin() + static_cast<std::ptrdiff_t>(rows.size() * (part + 1) / stretches);
    const auto keep = [&](auto row) {
      kept.push_back(static_cast<std::size_t>(row - rows.begin()));
    };
    keep(first);
    for (const std::size_t at : extremes) {
      // fmax: a burst without the figure never wins over one that has it.
      keep(std::max_element(first, last, [at](const Row& a, const Row& b) {
        return std::fmax(a->second.values[at], -1) < std::fmax(b->second.values[at], -1);
      }));
    }
    const auto marked =
        std::find_if(first, last, [](const Row& row) { return !row->second.marks.empty(); });
    keep(marked == last ? first : marked);
  }
  std::sort(kept.begin(), kept.end());
  kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
  std::vector<Row> some;
  std::transform(kept.begin(), kept.end(), std::back_inserter(some),
                 [&rows](std::size_t at) { return rows[at]; });
  return some;
}

json BurstTable::news(std::uint64_t since, std::size_t points) const {
  const bool whole = since == 0 || since > sequence_;
  std::vector<Row> rows;
  for (auto row = bursts_.begin(); row != bursts_.end(); ++row) {
    if (whole || row->second.changed > since) {
      rows.push_back(row);
    }
  }
  const std::vector<Row> shown = notable(rows, points);
  json table = json::object();
  table["k"] = json::array();
  table["marks"] = json::array();
  for (const Row& row : shown) {
    table["k"].push_back(row->first);
    table["marks"].push_back(row->second.marks);
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    json& column = table[std::string(columns[i].column)] = json::array();
    for (const Row& row : shown) {
      column.push_back(short_number(row->second.values[i]));
    }
  }
  return {{"next", sequence_},
          {"whole", whole},
          {"rows", rows.size()},
          {"thinned", shown.size() < rows.size()},
          {"columns", std::move(table)}};
}

}  // namespace stresskit::dashboard
