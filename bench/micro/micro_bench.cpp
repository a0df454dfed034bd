// What single steps cost: nothing of the network in here.
#include "common/devices.hpp"
#include "micro/fleet_of_figures.hpp"

#include "stresskit/burst/payload.hpp"
#include "stresskit/metrics/collector.hpp"
#include "stresskit/metrics/histogram.hpp"
#include "stresskit/metrics/metrics_json.hpp"
#include "stresskit/mqtt/classifier.hpp"
#include "stresskit/mqtt/protocol/session.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <chrono>
#include <ctime>
#include <string>
#include <vector>

namespace {

using namespace stresskit;
using namespace std::chrono_literals;

/// Processor time of this thread: what other programs take from the machine is not in it.
class Stopwatch {
 public:
  [[nodiscard]] double seconds() const { return now() - start_; }

 private:
  static double now() {
    timespec used{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
  }

  double start_ = now();
};

/// The payload of one message as JSON.
void payload_text(benchmark::State& state) {
  burst::Payload payload(1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(payload.make("\"sim-00001\"").data());
  }
}
BENCHMARK(payload_text);

/// The PUBLISH frame around it, as it stands ready before a burst.
void payload_frame(benchmark::State& state) {
  burst::Payload payload(1);
  mqtt::protocol::Session session(mqtt::protocol::Version::v3_1_1,
                                  mqtt::protocol::Qos::at_least_once);
  std::string frame;
  for (auto _ : state) {
    session.prepare("v1/devices/me/telemetry", payload.make("\"sim-00001\""), frame);
    benchmark::DoNotOptimize(frame.data());
  }
}
BENCHMARK(payload_frame);

void histogram_record(benchmark::State& state) {
  metrics::Histogram histogram;
  std::int64_t us = 1;
  for (auto _ : state) {
    histogram.record_us(us);
    us = us * 5 % 999'983;
  }
  benchmark::DoNotOptimize(histogram.count());
}
BENCHMARK(histogram_record);

/// One acknowledgement in the ledger, out of a burst of all devices.
void ledger_acknowledge(benchmark::State& state) {
  const auto devices = static_cast<std::uint32_t>(state.range(0));
  bench::BusyLedger busy(devices);
  metrics::WorkerFigures figures;
  for (auto _ : state) {
    busy.send_burst();
    const Stopwatch watch;
    busy.acknowledge_burst();
    state.SetIterationTime(watch.seconds() / devices);
    busy.ledger().report(figures);
    figures.acks.clear();
    figures.bursts.clear();
  }
}
BENCHMARK(ledger_acknowledge)->Arg(500)->Arg(15'000)->UseManualTime()->Iterations(200);

/// What a worker does for a snapshot: its figures are copied.
void worker_hand_over(benchmark::State& state) {
  bench::BusyLedger busy(static_cast<std::uint32_t>(state.range(0)));
  metrics::WorkerFigures figures;
  for (auto _ : state) {
    busy.send_burst();
    busy.acknowledge_burst();
    figures.acks.clear();
    figures.bursts.clear();
    const Stopwatch watch;
    busy.ledger().report(figures);
    state.SetIterationTime(watch.seconds());
  }
}
BENCHMARK(worker_hand_over)
    ->Arg(500)
    ->Arg(15'000)
    ->UseManualTime()
    ->Iterations(50)
    ->Unit(benchmark::kMillisecond);

/// A collector that has taken in some bursts, so that its rows and histograms are filled.
class BusyCollector {
 public:
  explicit BusyCollector(std::uint32_t count)
      : devices_(bench::make_devices(count)),
        busy_(count),
        collector_(facts(), devices_, {devices_.size()}) {
    constexpr int as_many_as_rows = 120;
    for (int i = 0; i < as_many_as_rows; ++i) {
      absorb_burst();
    }
  }

  /// Returns what taking in the figures of one burst took.
  double absorb_burst() {
    busy_.send_burst();
    busy_.acknowledge_burst();
    busy_.ledger().report(figures_);
    const Stopwatch watch;
    collector_.absorb(0, figures_);
    return watch.seconds();
  }

  metrics::Snapshot snapshot() {
    return collector_.snapshot(metrics::Status::running, metrics::Phase::bursting,
                               {support::Mono::now(), support::Wall::now(), 0s});
  }

 private:
  static metrics::RunFacts facts() {
    metrics::RunFacts facts;
    facts.interval = 1s;
    return facts;
  }

  std::vector<fleet::Device> devices_;
  bench::BusyLedger busy_;
  metrics::WorkerFigures figures_;
  metrics::Collector collector_;
};

/// What the collector does for a snapshot: takes in the figures of a burst, ...
void collector_absorb(benchmark::State& state) {
  BusyCollector busy(static_cast<std::uint32_t>(state.range(0)));
  for (auto _ : state) {
    state.SetIterationTime(busy.absorb_burst());
  }
}
BENCHMARK(collector_absorb)
    ->Arg(500)
    ->Arg(15'000)
    ->UseManualTime()
    ->Iterations(50)
    ->Unit(benchmark::kMillisecond);

/// ... builds it, ...
void snapshot_build(benchmark::State& state) {
  BusyCollector busy(static_cast<std::uint32_t>(state.range(0)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(busy.snapshot().bursts.data());
  }
}
BENCHMARK(snapshot_build)->Arg(500)->Arg(15'000)->Unit(benchmark::kMillisecond);

/// ... and turns it into the text of metrics.json.
void snapshot_to_json(benchmark::State& state) {
  BusyCollector busy(static_cast<std::uint32_t>(state.range(0)));
  const metrics::Snapshot snapshot = busy.snapshot();
  for (auto _ : state) {
    benchmark::DoNotOptimize(metrics::to_json(snapshot).data());
  }
}
BENCHMARK(snapshot_to_json)->Arg(500)->Arg(15'000)->Unit(benchmark::kMillisecond);

void classify_cause(benchmark::State& state) {
  using mqtt::Source;
  struct Cause {
    fleet::Stage stage;
    Source source;
    std::int64_t code;
  };
  constexpr std::array causes{Cause{fleet::Stage::connect, Source::connack_v3, 5},
                              Cause{fleet::Stage::publish, Source::disconnect_v5, 0x8E},
                              Cause{fleet::Stage::publish, Source::closed_by_server, 104},
                              Cause{fleet::Stage::connect, Source::timed_out, 0}};
  std::size_t i = 0;
  for (auto _ : state) {
    const Cause& cause = causes[i++ % causes.size()];
    benchmark::DoNotOptimize(mqtt::classify(cause.stage, cause.source, cause.code));
  }
}
BENCHMARK(classify_cause);

}  // namespace

BENCHMARK_MAIN();
