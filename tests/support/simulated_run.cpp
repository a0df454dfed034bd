#include "support/simulated_run.hpp"

#include "burst/run_board.hpp"
#include "burst/worker.hpp"
#include "support/fake_connections.hpp"
#include "support/manual_clock.hpp"

#include "stresskit/metrics/collector.hpp"
#include "stresskit/metrics/run_files.hpp"

#include <chrono>
#include <cmath>
#include <memory>
#include <optional>
#include <random>
#include <vector>

namespace stresskit::test {

namespace {

using namespace std::chrono_literals;
using support::Mono;

/// What the conductor does, as a happening of the fake server: on one thread with the worker.
class Simulation {
 public:
  explicit Simulation(const SimulatedRun& wish) : wish_(wish) {
    for (std::size_t i = 0; i < wish.devices; ++i) {
      fleet_.push_back({fleet::device_name("sim", static_cast<std::uint32_t>(i + 1)), "token"});
    }
    burst_.interval = 1s;
    burst_.lead_time = 300ms;
    burst_.ack_drain = 30s;
    burst_.bursts = wish.bursts;
  }

  metrics::Snapshot run() {
    const burst::Plan plan(burst_, fleet_.size());
    metrics::RunFacts facts;
    facts.run_id = wish_.run_id;
    facts.engine = "simulated";
    facts.write_time = "written";
    facts.interval = burst_.interval;
    facts.stages = plan.stages();
    facts.bursts_planned = plan.bursts();
    facts.started = clock_.now();
    facts.started_wall = clock_.wall();
    collector_.emplace(facts, fleet_, std::vector<std::size_t>{fleet_.size()});
    files_.emplace(config::Data{wish_.data}, wish_.run_id, 2s, metrics::Settings{});
    make_worker(plan);
    tick_at(clock_.now());
    worker_->run();
    running_ = false;
    collect();
    collector_->absorb(0, worker_->final_figures());
    return tell(metrics::Status::stopped, metrics::Phase::none);
  }

 private:
  void make_worker(const burst::Plan& plan) {
    auto connections = std::make_unique<FakeConnections>(fleet_.size(), clock_);
    server_ = connections.get();
    server_->takes_notes = false;
    server_->puback_of_message = [this] {
      return std::chrono::microseconds(
          std::llround(std::lognormal_distribution<>(8.5, 0.5)(random_)));
    };
    server_->acknowledges = [this](mqtt::Slot) {
      return !std::bernoulli_distribution(0.0001)(random_);
    };
    worker_.emplace(
        burst::Worker::Setup{
            .devices = fleet_,
            .connections = std::move(connections),
            .dialer = mqtt::Dialer(static_cast<mqtt::Slot>(fleet_.size()), {}, clock_.now()),
            .burst = burst_,
            .plan = plan,
            .max_inflight = 10},
        board_, clock_);
  }

  void tick_at(Mono::time_point when) {
    server_->at(when, [this, when](mqtt::Events&) {
      if (running_) {
        collect();
        (void)tell(metrics::Status::running, metrics::Phase::bursting);
        worker_->mailbox().ask();
        tick_at(when + 1s);
      }
    });
  }

  void collect() {
    worker_->mailbox().take([&](metrics::WorkerFigures& f) { collector_->absorb(0, f); });
  }

  metrics::Snapshot tell(metrics::Status status, metrics::Phase phase) {
    const auto began = std::chrono::steady_clock::now();
    collector_->first_due_is(board_.first_due());
    auto snapshot = collector_->snapshot(status, phase, {clock_.now(), clock_.wall(), 0s, 0});
    files_->publish(snapshot, collector_->take_news(), clock_.now());
    if (wish_.watch) {
      wish_.watch(snapshot, std::chrono::steady_clock::now() - began);
    }
    return snapshot;
  }

  const SimulatedRun& wish_;
  std::mt19937 random_{1};
  ManualClock clock_;
  std::vector<fleet::Device> fleet_;
  config::Burst burst_;
  burst::RunBoard board_{1};
  std::optional<metrics::Collector> collector_;
  std::optional<metrics::RunFiles> files_;
  FakeConnections* server_ = nullptr;
  std::optional<burst::Worker> worker_;
  bool running_ = true;
};

}  // namespace

metrics::Snapshot SimulatedRun::run() const {
  return Simulation(*this).run();
}

}  // namespace stresskit::test
