// Both sides on one timeline: what the server said of itself, over the seconds of the run.
#include "chart.hpp"
#include "charts.hpp"
#include "report/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <string_view>

namespace stresskit::report {

namespace {

using metrics::RunRecord;
using metrics::ServerRow;

constexpr std::size_t bins = 240;

std::optional<double> figure(const ServerRow& row, const std::string& key) {
  const auto found = row.figures.find(key);
  return found == row.figures.end() ? std::nullopt : std::optional(found->second);
}

/// A figure of one source; `since_first`: its growth.
std::vector<Point> points_of(const RunRecord& run, std::string_view source,
                             const std::function<std::optional<double>(const ServerRow&)>& value,
                             bool since_first) {
  std::vector<Point> points;
  std::optional<double> first;
  for (const ServerRow& row : run.server) {
    const auto y = row.source == source ? value(row) : std::nullopt;
    if (y) {
      first = first.value_or(since_first ? *y : 0);
      points.push_back({row.unix_s - run.last.started_at, std::max(0.0, *y - *first)});
    }
  }
  return down_sampled(points, bins);
}

std::vector<Point> points_of(const RunRecord& run, std::string_view source, const std::string& key,
                             bool since_first) {
  return points_of(
      run, source, [&](const ServerRow& row) { return figure(row, key); }, since_first);
}

/// Empty when no line has two points. `ticks`: how a value of the y axis reads.
std::string drawn(Chart chart, double lag_s, const std::function<std::string(double)>& tick) {
  const auto short_of_points = [](const Line& line) { return line.points.size() < 2; };
  chart.lines.erase(std::remove_if(chart.lines.begin(), chart.lines.end(), short_of_points),
                    chart.lines.end());
  if (chart.lines.empty()) {
    return "";
  }
  double left = HUGE_VAL;
  double right = -HUGE_VAL;
  double highest = 0;
  for (const Line& line : chart.lines) {
    left = std::min(left, line.points.front().x);
    right = std::max(right, line.points.back().x);
    for (const Point& point : line.points) {
      highest = std::max(highest, point.y);
    }
  }
  for (const double at : linear_steps(right)) {
    if (at >= left && at <= right) {
      chart.x_ticks.push_back({at, fmt::format("{:g} s", at)});
    }
  }
  for (const double step : linear_steps(highest)) {
    chart.y_ticks.push_back({step, tick(step)});
  }
  chart.x_title = "since the start of the run";
  if (lag_s > 0) {
    chart.x_title += fmt::format("; read then, the server's figures are up to {:g} s older", lag_s);
  }
  return chart_html(chart);
}

std::string plain(double value) {
  return fmt::format("{:g}", value);
}

double lag_of(const RunRecord& run, std::string_view source) {
  const auto found = std::find_if(run.server.begin(), run.server.end(),
                                  [&](const ServerRow& row) { return row.source == source; });
  return found == run.server.end() ? 0 : found->lag_s;
}

/// Each queue writes rows of its own; telemetry goes through the one with most messages.
std::string busiest_queue(const RunRecord& run) {
  std::map<std::string, double> totals;
  for (const ServerRow& row : run.server) {
    totals[row.queue] += figure(row, "total").value_or(0);
  }
  const auto most =
      std::max_element(totals.begin(), totals.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == totals.end() ? std::string() : most->first;
}

std::vector<Point> acknowledged_here(const RunRecord& run) {
  std::vector<Point> points;
  for (const metrics::TimelineRow& row : run.timeline) {
    points.push_back({row.elapsed_s, static_cast<double>(row.totals.acknowledged())});
  }
  return down_sampled(points, bins);
}

std::string usage_chart(const RunRecord& run) {
  Chart chart;
  chart.title = "Messages: acknowledged here, accepted and stored by the server's counters";
  const double points_each =
      run.last.server.usage && run.last.server.usage->transport_messages > 0
          ? static_cast<double>(run.last.server.usage->transport_points) /
                static_cast<double>(run.last.server.usage->transport_messages)
          : 0;
  chart.lines = {{"accepted", "accent", points_of(run, "usage", "transport_messages", true)}};
  if (points_each > 0) {
    chart.lines.push_back({"stored", "good",
                           points_of(
                               run, "usage",
                               [&](const ServerRow& row) {
                                 const auto points = figure(row, "storage_points");
                                 return points ? std::optional(*points / points_each)
                                               : std::nullopt;
                               },
                               true)});
  }
  if (chart.lines.front().points.size() < 2) {
    return "";  // our own line alone is in another chart
  }
  chart.lines.push_back({"acknowledged", "muted", acknowledged_here(run)});
  return drawn(std::move(chart), lag_of(run, "usage"), plain);
}

std::string queue_chart(const RunRecord& run) {
  const std::string name = busiest_queue(run);
  const auto of_queue = [&](const std::string& key) {
    return points_of(
        run, "queue",
        [&](const ServerRow& row) { return row.queue == name ? figure(row, key) : std::nullopt; },
        false);
  };
  Chart chart;
  chart.title = fmt::format("Rule-engine queue {}: messages in each report", name);
  chart.lines = {{"processed", "accent", of_queue("total")},
                 {"timed out", "warn", of_queue("timed_out")},
                 {"failed", "bad", of_queue("failed")}};
  return drawn(std::move(chart), lag_of(run, "queue"), plain);
}

}  // namespace

std::string freshness_chart(const RunRecord& run) {
  std::map<std::int64_t, std::pair<double, double>> by_second;  // youngest, oldest
  for (const metrics::FreshnessRow& row : run.freshness) {
    const auto second = std::llround(row.unix_s - run.last.started_at);
    auto& [youngest, oldest] = by_second.try_emplace(second, row.age_ms, row.age_ms).first->second;
    youngest = std::min(youngest, row.age_ms);
    oldest = std::max(oldest, row.age_ms);
  }
  Chart chart;
  chart.title = "Age of the newest stored message, of the probe devices";
  chart.lines = {{"oldest", "accent", {}}, {"youngest", "muted", {}}};
  for (const auto& [second, ages] : by_second) {
    chart.lines[0].points.push_back({static_cast<double>(second), ages.second});
    chart.lines[1].points.push_back({static_cast<double>(second), ages.first});
  }
  for (Line& line : chart.lines) {
    line.points = down_sampled(line.points, bins);
  }
  return drawn(std::move(chart), 0, [](double value) { return value == 0 ? "0" : ms(value); });
}

std::string server_charts(const RunRecord& run) {
  Chart waiting;
  waiting.title =
      "Waiting in the server (Prometheus): messages in the queue, rows for the database";
  waiting.lines = {{"queue", "accent",
                    points_of(
                        run, "prometheus",
                        [](const ServerRow& row) {
                          const auto in = figure(row, "queued");
                          const auto out = figure(row, "processed");
                          return in && out ? std::optional(*in - *out) : std::nullopt;
                        },
                        true)},
                   {"database", "bad", points_of(run, "prometheus", "rows_waiting", true)}};
  Chart machine;
  machine.title = "The server's machine";
  machine.lines = {{"CPU", "accent", points_of(run, "system", "cpu_percent", false)},
                   {"memory", "muted", points_of(run, "system", "memory_percent", false)}};
  return usage_chart(run) + queue_chart(run) + drawn(std::move(waiting), 0, plain) +
         drawn(std::move(machine), 0, [](double value) { return fmt::format("{:g} %", value); });
}

}  // namespace stresskit::report
