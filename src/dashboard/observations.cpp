#include "dashboard/observations.hpp"

#include "dashboard/lines.hpp"
#include "dashboard/run_list.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

namespace stresskit::dashboard {
namespace {

using nlohmann::json;

/// A server has some ten queues and sources; a file with more is none of ours.
constexpr std::size_t most_sources = 32;

Timeline columns(std::vector<std::string> names) {
  std::vector<std::vector<double>> empty(names.size());
  return {.names = std::move(names), .columns = std::move(empty)};
}

Timeline no_ages() {
  return columns({"elapsed_s", "age_ms"});
}

Timeline no_machine() {
  return columns({"elapsed_s", "cpu_percent", "memory_percent"});
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
  return whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<double> number(const json& row, const char* key) {
  const auto found = row.find(key);
  return found != row.end() && found->is_number() ? std::optional(found->get<double>())
                                                  : std::nullopt;
}

std::string text(const json& row, const char* key) {
  const auto found = row.find(key);
  return found != row.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// Rows that go back in time are left out: a clock was set.
void add(Timeline& timeline, const std::vector<double>& values) {
  if (!timeline.columns[0].empty() && values[0] < timeline.columns[0].back()) {
    return;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    timeline.columns[i].push_back(values[i]);
  }
}

}  // namespace

Observations::Observations(const std::string& run_id)
    : ages_file_(archive_path(run_id, "freshness.csv")),
      figures_file_(archive_path(run_id, "server.ndjson")),
      ages_(no_ages()),
      machine_(no_machine()) {}

std::string Observations::refresh(const PublishedFolder& data, double started_at) {
  const Growth ages = ages_file_.look(data);
  if (ages.is_new) {
    ages_ = no_ages();
    this_second_.reset();
  }
  add_ages(ages.lines, started_at);
  const Growth figures = figures_file_.look(data);
  if (figures.is_new) {
    machine_ = no_machine();
    sources_.clear();
  }
  add_figures(figures.lines, started_at);
  return ages.tag.empty() && figures.tag.empty() ? std::string() : ages.tag + '-' + figures.tag;
}

/// A row a probe and second: unix_s,device,k,age_ms. A device's name may hold a comma.
void Observations::add_ages(std::string_view rows, double started_at) {
  std::string_view line;
  while (next_line(rows, line)) {
    const auto seen = number(line.substr(0, line.find(',')));
    const auto age = number(line.substr(line.rfind(',') + 1));
    if (!seen || !age) {
      continue;
    }
    const double second = std::floor(*seen - started_at);
    if (this_second_ && this_second_->first == second) {
      this_second_->second = std::max(this_second_->second, *age);
      continue;
    }
    if (this_second_) {
      add(ages_, {this_second_->first, this_second_->second});
    }
    this_second_.emplace(second, *age);
  }
}

void Observations::add_figures(std::string_view rows, double started_at) {
  std::string_view line;
  while (next_line(rows, line)) {
    const json row = json::parse(line, nullptr, false);
    if (row.is_object()) {
      add_figure(row, started_at);
    }
  }
}

void Observations::add_figure(const json& row, double started_at) {
  const auto seen = number(row, "unix_s");
  const std::string source = text(row, "source");
  const std::string key = source + '\n' + text(row, "queue");
  const bool older = number(row, "server_ts_ms").value_or(started_at * 1e3) < started_at * 1e3;
  if (!seen || source.empty() || older ||
      (sources_.size() >= most_sources && !sources_.contains(key))) {
    return;
  }
  const auto cpu = number(row, "cpu_percent");
  const auto memory = number(row, "memory_percent");
  if (source == "system" && cpu && memory) {
    add(machine_, {*seen - started_at, *cpu, *memory});
  }
  Source& all = sources_[key];
  all.first = all.first.is_null() ? row : all.first;
  all.last = row;
  for (const auto& [name, value] : row.items()) {
    if (value.is_number() && name != "unix_s" && name != "lag_s" && name != "server_ts_ms") {
      all.sum[name] += value.get<double>();
    }
  }
}

json Observations::told(std::size_t points) const {
  json sources = json::array();
  for (const auto& [key, all] : sources_) {
    sources.push_back({{"source", text(all.last, "source")},
                       {"queue", text(all.last, "queue")},
                       {"first", all.first},
                       {"last", all.last},
                       {"sum", all.sum}});
  }
  return {{"freshness", timeline_json(ages_, points)},
          {"machine", timeline_json(machine_, points)},
          {"sources", std::move(sources)}};
}

}  // namespace stresskit::dashboard
