// The kit's run in this process, watched at the moments that matter.
#include "client/figures.hpp"
#include "client/usage.hpp"
#include "common/devices.hpp"
#include "common/temporary.hpp"

#include "stresskit/burst/run.hpp"
#include "stresskit/control/run_lock.hpp"
#include "stresskit/metrics/run_files.hpp"
#include "stresskit/preflight/machine.hpp"
#include "stresskit/support/format.hpp"

#include <memory>
#include <mutex>
#include <utility>

namespace bench {

namespace {

using namespace std::chrono_literals;
using namespace stresskit;
using support::Mono;

constexpr auto lead_time = 500ms;

/// What the process had used at one moment.
struct Usage {
  double cpu = cpu_seconds(RUSAGE_SELF);
  double memory = anonymous_bytes();
};

/// Looks at the process when the first device connects, when all stand ready, and when the run says
/// goodbye.
///
/// Threads: the conductor calls `see`, any worker `open` and `goodbye`; read it when the run is
/// over.
class Observer {
 public:
  void see(const metrics::Snapshot& snapshot, Mono::time_point now) {
    if (snapshot.phase == metrics::Phase::bursting && !bursting_) {
      bursting_ = true;
      ready_ = Usage{};
      collector_at_ready_ = cpu_seconds(RUSAGE_THREAD);
    }
    if (snapshot.status != metrics::Status::stopped) {
      collector_at_the_end_ = cpu_seconds(RUSAGE_THREAD);
    }
    last_seen_ = now;
  }

  void open() {
    const std::scoped_lock lock(mutex_);
    if (first_open_ == Mono::time_point{}) {
      first_open_ = Mono::now();
    }
  }

  /// Everything is answered, and nothing is closed yet.
  void goodbye() {
    const std::scoped_lock lock(mutex_);
    end_ = Usage{};
    descriptors_ = open_descriptors();
  }

  [[nodiscard]] Mono::time_point first_open() const { return first_open_; }
  [[nodiscard]] Mono::time_point last_seen() const { return last_seen_; }
  [[nodiscard]] double cpu() const { return end_.cpu - ready_.cpu; }
  [[nodiscard]] double collector_cpu() const { return collector_at_the_end_ - collector_at_ready_; }
  [[nodiscard]] double memory() const { return end_.memory - before_.memory; }
  [[nodiscard]] std::uint64_t descriptors() const { return descriptors_; }

 private:
  Usage before_;
  Usage ready_ = before_;
  double collector_at_ready_ = 0;
  double collector_at_the_end_ = 0;
  bool bursting_ = false;
  Mono::time_point last_seen_;
  std::mutex mutex_;
  // guarded by mutex_
  Mono::time_point first_open_;
  Usage end_ = before_;
  std::uint64_t descriptors_ = 0;
};

/// Connections that tell the observer when the run says goodbye.
class Watched final : public mqtt::Connections {
 public:
  Watched(std::unique_ptr<mqtt::Connections> connections, Observer& observer)
      : connections_(std::move(connections)), observer_(observer) {}

  void open(mqtt::Slot slot) override {
    observer_.open();
    connections_->open(slot);
  }
  bool prepare(mqtt::Slot slot, std::string_view payload) override {
    return connections_->prepare(slot, payload);
  }
  bool seals() const override { return connections_->seals(); }
  void seal(mqtt::Slot slot) override { connections_->seal(slot); }
  support::Result<mqtt::MessageId, fleet::Failure> publish(mqtt::Slot slot) override {
    return connections_->publish(slot);
  }
  std::optional<mqtt::MessageId> unfinished(mqtt::Slot slot) const override {
    return connections_->unfinished(slot);
  }
  void poll(Mono::time_point until, mqtt::Events& events) override {
    connections_->poll(until, events);
  }
  void close(mqtt::Slot slot) override { connections_->close(slot); }
  void shutdown(Mono::time_point deadline) override {
    observer_.goodbye();
    connections_->shutdown(deadline);
  }
  std::uint32_t retransmits(mqtt::Slot slot) const override {
    return connections_->retransmits(slot);
  }
  std::string_view write_time() const override { return connections_->write_time(); }

 private:
  std::unique_ptr<mqtt::Connections> connections_;
  Observer& observer_;
};

config::Mqtt mqtt_settings(const ClientOptions& options) {
  config::Mqtt mqtt;
  mqtt.host = "127.0.0.1";
  mqtt.port = options.port;
  mqtt.tls = !options.ca_file.empty();
  mqtt.ca_file = options.ca_file;
  mqtt.engine = options.engine;
  mqtt.version = "3.1.1";
  mqtt.keep_alive = 60s;
  mqtt.connect_timeout = 30s;
  mqtt.max_inflight = 10;
  return mqtt;
}

config::Burst burst_settings(const ClientOptions& options) {
  config::Burst burst;
  burst.interval =
      std::chrono::duration_cast<config::Duration>(std::chrono::duration<double>(options.interval));
  burst.lead_time = lead_time;
  burst.bursts = options.bursts;
  burst.ack_drain = 30s;
  return burst;
}

double ns_of(Mono::time_point at) {
  return static_cast<double>(at.time_since_epoch().count());
}

void take_bursts(const metrics::Snapshot& last, double interval, const Observer& observer,
                 ClientFigures& figures) {
  // The run's start, to say on the monotonic clock when a burst was due.
  const double start_ns = ns_of(observer.last_seen()) - last.elapsed_s * 1e9;
  for (const metrics::BurstRow& row : last.bursts) {
    figures.due_ns.push_back(start_ns + (row.due - last.started_at) * 1e9);
    figures.spread_ms.push_back(row.spread_ms.value_or(0));
    figures.lateness_ms.push_back(row.release_lateness_ms.value_or(0));
    figures.burst_ack_p99_ms.push_back(row.from_due_ms ? row.from_due_ms->p99 : 0);
  }
  if (!last.bursts.empty()) {
    const double before = static_cast<double>(last.bursts.front().k) * interval;
    const double ready_ns =
        figures.due_ns.front() - (before + support::to_seconds(lead_time)) * 1e9;
    figures.connect_ms = (ready_ns - ns_of(observer.first_open())) / 1e6;
  }
}

}  // namespace

ClientFigures run_kit(const ClientOptions& options) {
  const TemporaryFolder folder;
  const config::Mqtt mqtt = mqtt_settings(options);
  const auto server = mqtt::resolve(mqtt);
  preflight::require_capacity(options.devices, mqtt, server);
  const config::Burst burst = burst_settings(options);
  const config::Data data{folder.path()};
  config::Output output;
  output.metrics_write = 2s;
  output.console = 5s;
  support::Clock& clock = support::real_clock();
  const std::string run_id = control::new_run_id();
  metrics::RunFiles files(data, run_id, output.metrics_write, {});

  Observer observer;
  const auto devices = make_devices(options.devices);
  const auto connect = [&](auto share) {
    return std::make_unique<Watched>(mqtt::make_connections(mqtt, server, share, clock), observer);
  };
  const auto publish = [&](const metrics::Snapshot& snapshot, const metrics::News& news,
                           Mono::time_point now) {
    files.publish(snapshot, news, now);
    observer.see(snapshot, now);
  };
  const burst::RunSetup setup{run_id, devices, mqtt, burst, data, output};
  const metrics::Snapshot last = burst::conduct(setup, connect, clock, {}, publish);

  ClientFigures figures;
  take_bursts(last, options.interval, observer, figures);
  figures.ack_p50_ms = last.ack_from_due.p50;
  figures.ack_p99_ms = last.ack_from_due.p99;
  figures.sent = last.totals.sent();
  figures.acknowledged = last.totals.acknowledged();
  figures.skipped = last.totals.skipped();
  figures.cpu_seconds = observer.cpu();
  figures.worker_cpu_seconds = observer.cpu() - observer.collector_cpu();
  figures.memory_bytes = observer.memory();
  figures.descriptors = observer.descriptors();
  return figures;
}

}  // namespace bench
