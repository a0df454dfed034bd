// Bursts of every engine beside those of raw sockets, in turn, against a neutral sink.
#include "burst/summary.hpp"
#include "burst/trial.hpp"

#include <cxxopts.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <exception>
#include <iostream>

namespace {

using namespace bench;

struct Wishes {
  std::vector<std::string> engines;
  std::vector<std::uint32_t> devices;
  std::vector<bool> tls;
  std::uint32_t bursts = 0;
  std::uint32_t rounds = 0;
  double interval = 1;
  std::uint32_t paho_limit = 0;
  bool freeze = false;
  bool json = false;
};

cxxopts::Options make_options() {
  cxxopts::Options options("burst_bench", "Bursts beside those of raw sockets, against a sink");
  using cxxopts::value;
  options.add_options()("engines", "besides raw",
                        value<std::vector<std::string>>()->default_value("native,paho"))(
      "devices", "how many",
      value<std::vector<std::uint32_t>>()->default_value("100,500,2000,5000,15000"))(
      "tls", "off, on or both", value<std::string>()->default_value("both"))(
      "bursts", "in each run", value<std::uint32_t>()->default_value("10"))(
      "rounds", "runs of each engine, in turn", value<std::uint32_t>()->default_value("3"))(
      "interval", "seconds between bursts", value<double>()->default_value("1"))(
      "paho-limit", "most devices for the engine paho",
      value<std::uint32_t>()->default_value("2000"))(
      "freeze", "also freeze the sink for 3 s and compare latencies")(
      "quick", "100 and 500 devices, 500 with TLS, two short rounds, and the freeze")(
      "json", "print one JSON object")("help", "show this");
  return options;
}

Wishes wishes_of(const cxxopts::ParseResult& given) {
  Wishes wishes;
  wishes.engines = given["engines"].as<std::vector<std::string>>();
  wishes.devices = given["devices"].as<std::vector<std::uint32_t>>();
  wishes.bursts = given["bursts"].as<std::uint32_t>();
  wishes.rounds = given["rounds"].as<std::uint32_t>();
  wishes.interval = given["interval"].as<double>();
  wishes.paho_limit = given["paho-limit"].as<std::uint32_t>();
  wishes.freeze = given.count("freeze") > 0;
  wishes.json = given.count("json") > 0;
  const auto tls = given["tls"].as<std::string>();
  if (tls != "on" && tls != "off" && tls != "both") {
    throw std::runtime_error("--tls is off, on or both");
  }
  if (tls != "on") {
    wishes.tls.push_back(false);
  }
  if (tls != "off") {
    wishes.tls.push_back(true);
  }
  return wishes;
}

std::vector<Scenario> scenarios_of(const Wishes& wishes) {
  std::vector<Scenario> scenarios;
  for (const std::uint32_t devices : wishes.devices) {
    for (const bool tls : wishes.tls) {
      scenarios.push_back({devices, tls, wishes.bursts, wishes.interval});
    }
  }
  return scenarios;
}

std::vector<Scenario> quick_scenarios() {
  return {{100, false, 6, 0.5}, {500, false, 6, 0.5}, {500, true, 6, 0.5}};
}

/// A B A B, so that what else the machine does meets all engines alike.
std::vector<EngineResult> measure(const Scenario& scenario, const Wishes& wishes) {
  std::vector<EngineResult> results{{"raw", {}}};
  for (const std::string& engine : wishes.engines) {
    if (engine != "paho" || scenario.devices <= wishes.paho_limit) {
      results.push_back({engine, {}});
    }
  }
  for (std::uint32_t round = 0; round < wishes.rounds; ++round) {
    for (EngineResult& result : results) {
      fmt::print(stderr, "{} devices, {}, round {} of {}: {}\n", scenario.devices,
                 scenario.tls ? "TLS" : "TCP", round + 1, wishes.rounds, result.engine);
      result.trials.push_back(run_trial(result.engine, scenario));
    }
  }
  return results;
}

nlohmann::json measure_freeze(const Wishes& wishes) {
  nlohmann::json all = nlohmann::json::object();
  for (const std::string& engine : wishes.engines) {
    const FreezeTrial trial = run_freeze_trial(engine);
    if (!wishes.json) {
      fmt::print(
          "\n{}: the sink reads nothing for 3 s: p99 from due {:.0f} ms reported, {:.0f} ms "
          "by the sink ({:+.1f} %)\n",
          engine, trial.reported_p99_ms, trial.true_p99_ms,
          100 * (trial.reported_p99_ms / trial.true_p99_ms - 1));
    }
    all[engine] = {{"reported_p99_ms", trial.reported_p99_ms}, {"true_p99_ms", trial.true_p99_ms}};
  }
  return all;
}

int run(int argc, char** argv) {
  cxxopts::Options options = make_options();
  const auto given = options.parse(argc, argv);
  if (given.count("help") > 0) {
    std::cout << options.help();
    return 0;
  }
  Wishes wishes = wishes_of(given);
  const bool quick = given.count("quick") > 0;
  if (quick) {
    wishes.rounds = 2;
    wishes.freeze = true;
  }
  nlohmann::json all{{"scenarios", nlohmann::json::array()}};
  for (const Scenario& scenario : quick ? quick_scenarios() : scenarios_of(wishes)) {
    const auto results = measure(scenario, wishes);
    if (!wishes.json) {
      print_table(scenario, results);
      print_bursts(results);
      std::fflush(stdout);
    }
    all["scenarios"].push_back(to_json(scenario, results));
  }
  if (wishes.freeze) {
    all["freeze"] = measure_freeze(wishes);
  }
  if (wishes.json) {
    fmt::print("{}\n", all.dump(2));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "burst_bench: " << error.what() << '\n';
    return 1;
  }
}
