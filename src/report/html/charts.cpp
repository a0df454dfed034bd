#include "charts.hpp"

#include "chart.hpp"
#include "report/text.hpp"
#include "report/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace stresskit::report {

namespace {

using metrics::BurstRow;
using metrics::Snapshot;

constexpr std::size_t bins = 240;

template <class Row>
std::vector<Point> points_of(const std::vector<Row>& rows,
                             const std::function<std::optional<Point>(const Row&)>& point) {
  std::vector<Point> points;
  for (const Row& row : rows) {
    if (const auto one = point(row)) {
      points.push_back(*one);
    }
  }
  return down_sampled(points, bins);
}

std::vector<Point> by_burst(const Snapshot& last,
                            const std::function<std::optional<double>(const BurstRow&)>& value) {
  return points_of<BurstRow>(last.bursts, [&](const BurstRow& row) -> std::optional<Point> {
    const auto y = value(row);
    return y ? std::optional(Point{static_cast<double>(row.k), *y}) : std::nullopt;
  });
}

/// 0, 20, 40, ... along what `to` ends at.
std::vector<Tick> x_ticks(double from, double to, std::string_view unit) {
  std::vector<Tick> ticks;
  for (const double at : linear_steps(to)) {
    if (at >= from && at <= to) {
      ticks.push_back({at, fmt::format("{:g}{}", at, unit)});
    }
  }
  return ticks;
}

std::vector<Tick> ms_ticks(const std::vector<double>& steps) {
  std::vector<Tick> ticks;
  for (const double step : steps) {
    ticks.push_back({step, step == 0 ? "0" : ms(step)});
  }
  return ticks;
}

/// A logarithmic axis where the values differ too much for a linear one.
void scale_y(Chart& chart) {
  double low = HUGE_VAL;
  double high = 0;
  for (const Line& line : chart.lines) {
    for (const Point& point : line.points) {
      low = std::min(low, std::max(point.y, 1e-3));
      high = std::max(high, point.y);
    }
  }
  chart.log_y = high > 20 * low;
  chart.y_ticks = ms_ticks(chart.log_y ? log_steps(low, high) : linear_steps(high));
}

/// What each stretch of bursts was like.
std::vector<Hover> burst_hovers(const Snapshot& last,
                                const std::function<std::string(const BurstRow&)>& words) {
  std::vector<Hover> hovers;
  const std::size_t step = last.bursts.size() / bins + 1;
  for (std::size_t i = 0; i < last.bursts.size(); i += step) {
    const std::size_t end = std::min(i + step, last.bursts.size());
    // Of several the one with the slowest acknowledgement speaks.
    const auto begin = last.bursts.begin();
    const auto worst = std::max_element(begin + static_cast<std::ptrdiff_t>(i),
                                        begin + static_cast<std::ptrdiff_t>(end),
                                        [](const BurstRow& a, const BurstRow& b) {
                                          return (a.from_due_ms ? a.from_due_ms->max : 0) <
                                                 (b.from_due_ms ? b.from_due_ms->max : 0);
                                        });
    hovers.push_back({static_cast<double>(last.bursts[i].k) - 0.5,
                      static_cast<double>(last.bursts[end - 1].k) + 0.5, words(*worst)});
  }
  return hovers;
}

void burst_axis(Chart& chart, const Snapshot& last) {
  const auto first = static_cast<double>(last.bursts.front().k);
  chart.x_ticks = x_ticks(first, static_cast<double>(last.bursts.back().k), "");
  chart.x_title = fmt::format("burst, every {}", ms(last.interval_sec * 1e3));
}

bool is_empty(const Chart& chart) {
  return std::all_of(chart.lines.begin(), chart.lines.end(),
                     [](const Line& line) { return line.points.size() < 2; });
}

}  // namespace

std::string latency_chart(const Snapshot& last) {
  const auto rung = [](double metrics::ShortLadder::*value) {
    return [value](const BurstRow& row) {
      return row.from_due_ms ? std::optional((*row.from_due_ms).*value) : std::nullopt;
    };
  };
  Chart chart;
  chart.title = "Acknowledged after due, by burst";
  chart.lines = {{"max", "muted", by_burst(last, rung(&metrics::ShortLadder::max))},
                 {"p99", "accent", by_burst(last, rung(&metrics::ShortLadder::p99))},
                 {"p50", "strong", by_burst(last, rung(&metrics::ShortLadder::p50))}};
  if (is_empty(chart)) {
    return "";
  }
  scale_y(chart);
  burst_axis(chart, last);
  chart.hovers = burst_hovers(last, [](const BurstRow& row) {
    if (!row.from_due_ms) {
      return fmt::format("burst {}: nothing acknowledged", row.k);
    }
    return fmt::format("burst {}: p50 {}, p99 {}, max {}; {} of {} acknowledged", row.k,
                       ms(row.from_due_ms->p50), ms(row.from_due_ms->p99), ms(row.from_due_ms->max),
                       row.counters.acknowledged(), row.counters.planned());
  });
  return chart_html(chart);
}

std::string spread_chart(const Snapshot& last) {
  Chart chart;
  chart.title = "Spread and release, by burst";
  chart.lines = {
      {"spread", "accent", by_burst(last, [](const BurstRow& row) { return row.spread_ms; })},
      {"late by", "muted",
       by_burst(last, [](const BurstRow& row) { return row.release_lateness_ms; })}};
  if (is_empty(chart)) {
    return "";
  }
  scale_y(chart);
  burst_axis(chart, last);
  chart.hovers = burst_hovers(last, [](const BurstRow& row) {
    return fmt::format("burst {}: spread {}, released {} after due{}{}{}", row.k,
                       ms_or_dash(row.spread_ms), ms_or_dash(row.release_lateness_ms),
                       row.late ? ", late" : "", row.slow ? ", slow" : "",
                       row.missed ? ", missed" : "");
  });
  return chart_html(chart);
}

std::string percentile_chart(const metrics::Histograms& histograms) {
  // x: how many nines, so that the tail has its room.
  const auto nines = [](double fraction) { return -std::log10(1 - fraction); };
  const auto line = [&](std::string name, std::string_view tone, metrics::Metric metric) {
    Line result{std::move(name), tone, {}};
    const metrics::Histogram histogram = measured(histograms, metric);
    const double end = nines(1 - 1.0 / std::max(1.0, static_cast<double>(histogram.count())));
    for (double x = 0; histogram.count() > 1 && x <= end + 1e-9; x += end / 120) {
      const auto value = histogram.percentile(1 - std::pow(10, -x));
      result.points.push_back({x, std::chrono::duration<double, std::milli>(value).count()});
    }
    return result;
  };
  Chart chart;
  chart.title = "Percentiles of acknowledgement";
  chart.lines = {line("after due", "accent", metrics::Metric::ack_from_due),
                 line("after write", "muted", metrics::Metric::ack_from_write)};
  if (is_empty(chart)) {
    return "";
  }
  scale_y(chart);
  const double end = chart.lines.front().points.empty() ? 0 : chart.lines.front().points.back().x;
  for (const auto& [fraction, label] :
       {std::pair{0.0, "min"}, std::pair{0.5, "p50"}, std::pair{0.9, "p90"}, std::pair{0.99, "p99"},
        std::pair{0.999, "p99.9"}, std::pair{0.9999, "p99.99"}, std::pair{0.99999, "p99.999"},
        std::pair{0.999999, "p99.9999"}}) {
    if (nines(fraction) <= end) {
      chart.x_ticks.push_back({nines(fraction), label});
    }
  }
  chart.x_title = "share of the acknowledgements that took no longer";
  return chart_html(chart);
}

std::string devices_chart(const metrics::RunRecord& run) {
  using metrics::TimelineRow;
  const auto line = [&](std::string name, std::string_view tone, auto value) {
    return Line{std::move(name), tone,
                points_of<TimelineRow>(run.timeline, [&](const TimelineRow& row) {
                  return std::optional(Point{row.elapsed_s, static_cast<double>(value(row))});
                })};
  };
  Chart chart;
  chart.title = "Devices by state, over time";
  chart.filled = true;
  // Stacked: each line is the sum of what lies below it, the highest first.
  chart.lines = {
      line("failed", "bad",
           [](const auto& r) { return r.connected + r.connecting + r.disconnected + r.failed; }),
      line("disconnected", "warn",
           [](const auto& r) { return r.connected + r.connecting + r.disconnected; }),
      line("connecting", "muted", [](const auto& r) { return r.connected + r.connecting; }),
      line("connected", "good", [](const auto& r) { return r.connected; })};
  if (is_empty(chart)) {
    return "";
  }
  const auto never = [&](auto value) {
    return std::all_of(run.timeline.begin(), run.timeline.end(),
                       [&](const TimelineRow& row) { return value(row) == 0; });
  };
  const bool absent[] = {never([](const auto& r) { return r.failed; }),
                         never([](const auto& r) { return r.disconnected; }),
                         never([](const auto& r) { return r.connecting; }), false};
  for (std::size_t i = 3; i-- > 0;) {
    if (absent[i]) {
      chart.lines.erase(chart.lines.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  for (const double step : linear_steps(static_cast<double>(run.last.device_count))) {
    chart.y_ticks.push_back({step, fmt::format("{:g}", step)});
  }
  const double end = run.timeline.back().elapsed_s;
  chart.x_ticks = x_ticks(run.timeline.front().elapsed_s, end, " s");
  chart.x_title = "since the start of the run";
  return chart_html(chart);
}

std::string failures_chart(const Snapshot& last) {
  if (last.failures.empty()) {
    return "";
  }
  constexpr std::size_t most = 12;
  std::uint64_t highest = 1;
  for (const auto& row : last.failures) {
    highest = std::max(highest, row.count);
  }
  std::string text =
      "<figure class=\"wide\"><figcaption>Failures by stage and bucket</figcaption><table "
      "class=\"bars\">";
  for (std::size_t i = 0; i < std::min(most, last.failures.size()); ++i) {
    const auto& [what, count] = last.failures[i];
    text += fmt::format(
        "<tr><th>{} · {}</th><td class=\"bar\"><i style=\"width:{:.1f}%\"></i></td>"
        "<td class=\"n\">{}</td><td class=\"detail\">{}</td></tr>",
        fleet::to_string(what.stage), fleet::to_string(what.bucket),
        100 * static_cast<double>(count) / static_cast<double>(highest), count_text(count),
        escaped(what.detail));
  }
  text += "</table>";
  if (last.failures.size() > most) {
    text += fmt::format("<p class=\"axis\">and {} more kinds</p>", last.failures.size() - most);
  }
  return text + "</figure>\n";
}

}  // namespace stresskit::report
