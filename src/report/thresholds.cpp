#include "stresskit/report/thresholds.hpp"

#include "threshold.hpp"

#include "stresskit/support/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace stresskit::report {

namespace {

using metrics::Snapshot;
using metrics::ThresholdRow;
using State = ThresholdRow::State;
using One = Thresholds::One;

/// -1, 0, 1. Values that differ by less than the arithmetic can tell are equal: 99.9 / 100 is not
/// quite 999 / 1000.
int compare(double a, double b) {
  const double noise = 1e-12 * std::max(std::abs(a), std::abs(b));
  return std::abs(a - b) <= noise ? 0 : a < b ? -1 : 1;
}

bool accepts(Op op, int order) {
  switch (op) {
    case Op::less:
      return order < 0;
    case Op::at_most:
      return order <= 0;
    case Op::more:
      return order > 0;
    case Op::at_least:
      return order >= 0;
    case Op::equal:
      return order == 0;
    case Op::unequal:
      return order != 0;
  }
  return false;
}

/// None is a moment that never comes: later than all others.
int compare_with_bound(const One& threshold, std::optional<double> actual) {
  if (actual && threshold.bound) {
    return compare(*actual, *threshold.bound);
  }
  return static_cast<int>(!actual) - static_cast<int>(!threshold.bound);
}

/// 249.996 ms against a bound of 250 ms must not read "250 ms".
std::string number_text(const One& threshold, double actual, double scale, int decimals) {
  const int order = compare_with_bound(threshold, actual);
  std::string text;
  for (int more = decimals; more <= 9; ++more) {
    text = fmt::format("{:.{}f}", actual * scale, more);
    if (compare_with_bound(threshold, std::stod(text) / scale) == order) {
      break;
    }
  }
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    text.erase(text.find_last_not_of('.') + 1);
  }
  return text;
}

/// `to_ms`: how many milliseconds the metric is counted in.
std::string duration_text(const One& threshold, double actual, double to_ms) {
  const double ms = actual * to_ms;
  const double unit_ms = ms >= 1e3 ? 1e3 : ms >= 1 ? 1 : 1e-3;
  const double shown = ms / unit_ms;
  const int decimals = shown >= 100 ? 0 : shown >= 10 ? 1 : 2;
  return number_text(threshold, actual, to_ms / unit_ms, decimals) + (unit_ms == 1e3 ? " s"
                                                                      : unit_ms == 1 ? " ms"
                                                                                     : " us");
}

std::optional<double> actual_of(const One& threshold, const Snapshot& snapshot) {
  return read(*threshold.metric, threshold.rung, snapshot);
}

ThresholdRow row_of(const One& threshold, const Snapshot& snapshot) {
  const auto actual = actual_of(threshold, snapshot);
  // That nothing ever collapsed is known; but not of a run without a burst.
  const bool known = threshold.metric->kind == Kind::moment ? snapshot.bursts_due > 0 || actual
                                                            : actual.has_value();
  if (!known) {
    return {threshold.text, "no data", State::no_data};
  }
  return {threshold.text, actual_text(threshold, actual),
          holds(threshold, actual) ? State::passed : State::crossed};
}

bool a_measured_burst_is_settled(const Snapshot& snapshot) {
  return std::any_of(snapshot.bursts.begin(), snapshot.bursts.end(), [](const auto& row) {
    return !row.warmup && row.counters.planned() > 0 && row.counters.in_flight() == 0;
  });
}

/// A threshold that is crossed: is it so for good, or at least not for want of a beginning?
bool is_final(const One& threshold, const Snapshot& snapshot) {
  const auto actual = actual_of(threshold, snapshot);
  switch (threshold.metric->change) {
    case Change::only_grows:
      return threshold.op == Op::less || threshold.op == Op::at_most ||
             (threshold.op == Op::equal && actual > threshold.bound);
    case Change::both_ways:
      return a_measured_burst_is_settled(snapshot);
    case Change::only_once:
      return actual.has_value();
  }
  return false;
}

}  // namespace

bool holds(const One& threshold, std::optional<double> actual) {
  return accepts(threshold.op, compare_with_bound(threshold, actual));
}

std::string actual_text(const One& threshold, std::optional<double> actual) {
  if (!actual) {
    return "none";
  }
  switch (threshold.metric->kind) {
    case Kind::count:
      return fmt::format("{:.0f}", *actual);
    case Kind::ratio:
      return number_text(threshold, *actual, 100, 2) + " %";
    case Kind::duration:
      return duration_text(threshold, *actual, 1);
    case Kind::moment:
      return duration_text(threshold, *actual, 1e3);
  }
  return "";
}

Thresholds::Thresholds() = default;
Thresholds::Thresholds(const Thresholds&) = default;
Thresholds& Thresholds::operator=(const Thresholds&) = default;
Thresholds::~Thresholds() = default;

Thresholds Thresholds::parse(const std::vector<std::string>& texts) {
  Thresholds result;
  std::string problems;
  for (const std::string& text : texts) {
    if (auto one = parse_threshold(text)) {
      result.all_.push_back(std::move(*one));
    } else {
      problems += fmt::format("threshold \"{}\": {}\n", text, one.error());
    }
  }
  if (!problems.empty()) {
    throw support::Error(
        support::ExitCode::usage,
        fmt::format("{}A threshold is METRIC OP VALUE, as in \"ack_p99<250ms\"; the metrics, each "
                    "with a value as an example:{}",
                    problems, list_of_metrics()));
  }
  return result;
}

std::vector<ThresholdRow> Thresholds::judge(const Snapshot& snapshot) const {
  std::vector<ThresholdRow> rows;
  rows.reserve(all_.size());
  for (const One& threshold : all_) {
    rows.push_back(row_of(threshold, snapshot));
  }
  return rows;
}

bool Thresholds::may_end_the_run(const Snapshot& snapshot) const {
  return std::any_of(all_.begin(), all_.end(), [&](const One& threshold) {
    return row_of(threshold, snapshot).state == State::crossed && is_final(threshold, snapshot);
  });
}

bool crossed(const std::vector<ThresholdRow>& rows) {
  return std::any_of(rows.begin(), rows.end(),
                     [](const ThresholdRow& row) { return row.state != State::passed; });
}

}  // namespace stresskit::report
