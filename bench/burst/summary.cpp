#include "burst/summary.hpp"

#include "common/statistics.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>

namespace bench {

namespace {

using Trials = std::vector<Trial>;

/// The lists of all trials as one.
std::vector<double> joined(const Trials& trials, std::vector<double> Trial::*list) {
  std::vector<double> all;
  for (const Trial& trial : trials) {
    const auto& part = trial.*list;
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

double middle(const Trials& trials, double Trial::*value) {
  std::vector<double> all;
  for (const Trial& trial : trials) {
    all.push_back(trial.*value);
  }
  return median(std::move(all));
}

/// Planned messages that were not acknowledged.
double missing(const Trials& trials) {
  double sum = 0;
  for (const Trial& trial : trials) {
    sum += static_cast<double>(trial.sent + trial.skipped - trial.acknowledged);
  }
  return sum;
}

double ratio(double value, double base) {
  return base > 0 ? value / base : 0;
}

}  // namespace

const std::vector<Figure>& figures() {
  using T = const Trials&;
  static const std::vector<Figure> all{
      {"sink_spread_median_ms", "spread at sink, ms", 2,
       [](T t) { return median(joined(t, &Trial::sink_spread_ms)); }},
      {"sink_spread_worst_ms", "worst, ms", 2,
       [](T t) { return percentile(joined(t, &Trial::sink_spread_ms), 1); }},
      {"own_spread_median_ms", "own spread, ms", 2,
       [](T t) { return median(joined(t, &Trial::own_spread_ms)); }},
      {"lateness_p99_ms", "lateness p99, ms", 3,
       [](T t) { return percentile(joined(t, &Trial::lateness_ms), 0.99); }},
      {"ack_p50_ms", "ack p50, ms", 2, [](T t) { return middle(t, &Trial::ack_p50_ms); }},
      {"ack_p99_ms", "ack p99, ms", 2, [](T t) { return middle(t, &Trial::ack_p99_ms); }},
      {"cpu_us_a_message", "CPU/message, us", 1,
       [](T t) { return middle(t, &Trial::cpu_us_a_message); }},
      {"worker_cpu_us_a_message", "of it workers, us", 1,
       [](T t) { return middle(t, &Trial::worker_cpu_us_a_message); }},
      {"collector_cost", "with collector/without", 2,
       [](T t) {
         return ratio(middle(t, &Trial::cpu_us_a_message),
                      middle(t, &Trial::worker_cpu_us_a_message));
       }},
      {"cpu_seconds", "CPU in all, s", 2, [](T t) { return middle(t, &Trial::cpu_seconds); }},
      {"bytes_a_device", "bytes/device", 0, [](T t) { return middle(t, &Trial::bytes_a_device); }},
      {"megabytes", "memory in all, MB", 1, [](T t) { return middle(t, &Trial::megabytes); }},
      {"descriptors_a_device", "descriptors/device", 3,
       [](T t) { return middle(t, &Trial::descriptors_a_device); }},
      {"connect_ms", "connect, ms", 0, [](T t) { return middle(t, &Trial::connect_ms); }},
      {"messages_a_second", "messages/s", 0,
       [](T t) { return middle(t, &Trial::messages_a_second); }},
  };
  return all;
}

void print_table(const Scenario& scenario, const std::vector<EngineResult>& results) {
  fmt::print("\n{} devices, {}, one message each every {:g} s, {} bursts x {} rounds\n",
             scenario.devices, scenario.tls ? "TLS" : "TCP", scenario.interval, scenario.bursts,
             results.front().trials.size());
  fmt::print("{:23}", "");
  for (const EngineResult& result : results) {
    fmt::print("{:>12} {:8}", result.engine, &result == &results.front() ? "" : "   x raw");
  }
  fmt::print("\n");
  for (const Figure& figure : figures()) {
    const double base = figure.of(results.front().trials);
    fmt::print("{:23}", figure.title);
    for (const EngineResult& result : results) {
      const double value = figure.of(result.trials);
      const bool is_base = &result == &results.front();
      fmt::print("{:>12.{}f} {:8}", value, figure.decimals,
                 is_base ? "" : fmt::format("{:8.2f}", ratio(value, base)));
    }
    fmt::print("\n");
  }
  fmt::print("{:23}", "not acknowledged");
  for (const EngineResult& result : results) {
    fmt::print("{:>12.0f} {:8}", missing(result.trials), "");
  }
  fmt::print("\n");
}

void print_bursts(const std::vector<EngineResult>& results) {
  fmt::print("\nevery burst of the first round: own spread / ack p99 from due, ms\n");
  const auto at = [](const std::vector<double>& values, std::size_t k) {
    return k < values.size() ? values[k] : 0;
  };
  const std::size_t bursts = results.front().trials.front().own_spread_ms.size();
  for (std::size_t k = 0; k < bursts; ++k) {
    fmt::print("{:23}", fmt::format("burst {}", k));
    for (const EngineResult& result : results) {
      const Trial& trial = result.trials.front();
      fmt::print("{:>12.2f} / {:<8.2f}", at(trial.own_spread_ms, k), at(trial.burst_ack_p99_ms, k));
    }
    fmt::print("\n");
  }
}

nlohmann::json to_json(const Scenario& scenario, const std::vector<EngineResult>& results) {
  nlohmann::json engines = nlohmann::json::object();
  for (const EngineResult& result : results) {
    nlohmann::json& engine = engines[result.engine];
    for (const Figure& figure : figures()) {
      const double value = figure.of(result.trials);
      engine[std::string(figure.name)] = {
          {"value", value}, {"to_raw", ratio(value, figure.of(results.front().trials))}};
    }
    engine["not_acknowledged"] = missing(result.trials);
  }
  return {{"devices", scenario.devices},
          {"tls", scenario.tls},
          {"interval", scenario.interval},
          {"bursts", scenario.bursts},
          {"rounds", results.front().trials.size()},
          {"engines", engines}};
}

}  // namespace bench
