#include "burst/trial.hpp"

#include "common/process.hpp"
#include "common/statistics.hpp"
#include "common/temporary.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace bench {

namespace {

using nlohmann::json;

/// Sink and client, one after the other's start; the client's figures and the sink's bursts.
struct Outcome {
  json client;
  std::vector<json> bursts;
};

Outcome run_pair(const std::string& engine, const Scenario& scenario,
                 std::vector<std::string> sink_options) {
  const TemporaryFolder folder;
  const std::string certificate = folder.file("sink.pem");
  std::vector<std::string> sink_command{own_folder() / "bench_sink"};
  if (scenario.tls) {
    sink_options.push_back("--tls-cert-out=" + certificate);
  }
  std::ranges::move(sink_options, std::back_inserter(sink_command));
  Process sink(sink_command);
  const auto port = json::parse(sink.read_line()).at("port").get<int>();

  std::vector<std::string> client_command{own_folder() / "bench_client",
                                          "--engine=" + engine,
                                          fmt::format("--port={}", port),
                                          fmt::format("--devices={}", scenario.devices),
                                          fmt::format("--bursts={}", scenario.bursts),
                                          fmt::format("--interval={}", scenario.interval)};
  if (scenario.tls) {
    client_command.push_back("--ca=" + certificate);
  }
  Process client(client_command);
  Outcome outcome;
  outcome.client = json::parse(client.finish());
  sink.terminate();
  std::istringstream lines(sink.finish());
  for (std::string line; std::getline(lines, line);) {
    outcome.bursts.push_back(json::parse(line));
  }
  return outcome;
}

double rate_of(const std::vector<json>& bursts) {
  double first = 1e300;
  double last = 0;
  double messages = 0;
  for (const json& burst : bursts) {
    first = std::min(first, burst.at("first_ns").get<double>());
    last = std::max(last, burst.at("last_ns").get<double>());
    messages += burst.at("messages").get<double>();
  }
  return last > first ? messages / (last - first) * 1e9 : 0;
}

}  // namespace

Trial run_trial(const std::string& engine, const Scenario& scenario) {
  const auto [client, bursts] = run_pair(engine, scenario, {});
  Trial trial;
  for (const json& burst : bursts) {
    if (burst.at("messages").get<std::uint32_t>() == scenario.devices) {
      trial.sink_spread_ms.push_back(burst.at("spread_ms").get<double>());
    }
  }
  trial.messages_a_second = rate_of(bursts);
  client.at("spread_ms").get_to(trial.own_spread_ms);
  client.at("lateness_ms").get_to(trial.lateness_ms);
  client.at("burst_ack_p99_ms").get_to(trial.burst_ack_p99_ms);
  client.at("ack_p50_ms").get_to(trial.ack_p50_ms);
  client.at("ack_p99_ms").get_to(trial.ack_p99_ms);
  client.at("sent").get_to(trial.sent);
  client.at("acknowledged").get_to(trial.acknowledged);
  client.at("skipped").get_to(trial.skipped);
  client.at("connect_ms").get_to(trial.connect_ms);
  const double us_a_message = 1e6 / static_cast<double>(std::max<std::uint64_t>(trial.sent, 1));
  client.at("cpu_seconds").get_to(trial.cpu_seconds);
  trial.cpu_us_a_message = trial.cpu_seconds * us_a_message;
  trial.worker_cpu_us_a_message = client.at("worker_cpu_seconds").get<double>() * us_a_message;
  trial.megabytes = client.at("memory_bytes").get<double>() / 1e6;
  trial.bytes_a_device = trial.megabytes * 1e6 / scenario.devices;
  trial.descriptors_a_device = client.at("descriptors").get<double>() / scenario.devices;
  return trial;
}

FreezeTrial run_freeze_trial(const std::string& engine) {
  const Scenario scenario{.devices = 500, .tls = false, .bursts = 12, .interval = 1};
  const TemporaryFolder folder;
  const std::string samples = folder.file("samples.csv");
  const auto [client, bursts] =
      run_pair(engine, scenario, {"--freeze-after=4.5", "--freeze=3", "--samples=" + samples});
  const auto due = client.at("due_ns").get<std::vector<double>>();
  std::vector<double> latencies_ms;
  std::ifstream file(samples);
  std::size_t burst = 0;
  double arrived = 0;
  double answered = 0;
  char comma = ',';
  while (file >> burst >> comma >> arrived >> comma >> answered) {
    latencies_ms.push_back((answered - due.at(burst)) / 1e6);
  }
  return {client.at("ack_p99_ms").get<double>(), percentile(latencies_ms, 0.99)};
}

}  // namespace bench
