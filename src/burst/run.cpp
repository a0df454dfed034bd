#include "stresskit/burst/run.hpp"

#include "burst/run_board.hpp"
#include "burst/worker.hpp"

#include "stresskit/burst/plan.hpp"
#include "stresskit/control/stop_flag.hpp"
#include "stresskit/metrics/collector.hpp"
#include "stresskit/support/format.hpp"

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <iterator>
#include <memory>
#include <random>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace stresskit::burst {

namespace {

using namespace std::chrono_literals;
using metrics::Phase;
using metrics::Status;
using support::Mono;

// How often the conductor looks for a stop request and into the mailboxes.
constexpr auto tick = 100ms;
// A worker is asked for figures this long before a snapshot is due: it answers when it is quiet.
constexpr auto ask_ahead = 2 * tick;

// Attempts to connect under way at once, all workers together. A server that listens with a backlog
// of 100 (Mosquitto does) drops what comes on top, and a dropped SYN costs a whole second. One that
// is older than a quarter of a second counts no more: a server that does not answer must not make
// the connecting of all devices last as many time-outs as there are hundreds of them.
constexpr std::size_t most_pending = 100;

/// Of this process.
std::uint64_t open_files() {
  std::error_code none_known;
  const std::filesystem::directory_iterator first("/proc/self/fd", none_known);
  return static_cast<std::uint64_t>(std::distance(first, std::filesystem::directory_iterator()));
}

/// One unless asked for more: as tight as two on two cores, and one processor is left for the rest.
std::size_t worker_count(const config::Mqtt& mqtt, std::size_t devices) {
  const std::size_t wanted = mqtt.workers > 0 ? mqtt.workers : 1;
  return std::min(wanted, devices);
}

/// `devices` over `workers`, as even as it goes.
std::vector<std::size_t> even_shares(std::size_t devices, std::size_t workers) {
  std::vector<std::size_t> shares(workers, devices / workers);
  std::fill_n(shares.begin(), devices % workers, devices / workers + 1);
  return shares;
}

/// The thread that calls `conduct`: starts the workers, watches for a stop, merges figures, tells
/// the world.
class Conductor {
 public:
  Conductor(const RunSetup& setup, const MakeConnections& make, support::Clock& clock,
            const Publish& publish);
  ~Conductor();
  Conductor(const Conductor&) = delete;
  Conductor& operator=(const Conductor&) = delete;

  metrics::Snapshot conduct(const std::stop_token& stop);

 private:
  void make_workers(const std::vector<std::size_t>& shares, const MakeConnections& make,
                    const metrics::RunFacts& facts);
  void start_workers();
  void watch_for_stop(const std::stop_token& stop, Mono::time_point now);
  void collect(Mono::time_point now);
  void collect_last();
  void tell(Mono::time_point now);
  [[nodiscard]] metrics::Moment moment(Mono::time_point now) const;
  [[nodiscard]] Status status() const;
  [[nodiscard]] Phase phase() const;

  const RunSetup& setup_;
  support::Clock& clock_;
  const Publish& publish_;
  const Plan plan_;
  RunBoard board_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::unique_ptr<metrics::Collector> collector_;
  Mono::time_point next_snapshot_{};
  Status told_status_ = Status::idle;
  Phase told_phase_ = Phase::none;
  std::uint64_t open_files_ = 0;  ///< when the phase last changed: counting thousands takes time
  std::vector<std::jthread> threads_;  // last: they end before what they use
};

Conductor::Conductor(const RunSetup& setup, const MakeConnections& make, support::Clock& clock,
                     const Publish& publish)
    : setup_(setup),
      clock_(clock),
      publish_(publish),
      plan_(setup.burst, setup.devices.size()),
      board_(worker_count(setup.mqtt, setup.devices.size())) {
  const auto shares =
      even_shares(setup.devices.size(), worker_count(setup.mqtt, setup.devices.size()));
  metrics::RunFacts facts;
  facts.started = clock.now();
  facts.started_wall = clock.wall();
  make_workers(shares, make, facts);
  facts.run_id = setup.run_id;
  facts.pid = ::getpid();
  facts.engine = setup.mqtt.engine;
  facts.write_time = workers_.front()->write_time();
  facts.write_sec = support::to_seconds(setup.output.metrics_write);
  facts.qos = setup.mqtt.qos;
  facts.addresses = std::max<std::size_t>(1, setup.mqtt.local_addresses.size());
  facts.interval = setup.burst.interval;
  facts.warmup = setup.burst.warmup;
  facts.stages = plan_.stages();
  if (plan_.bursts() != Plan::endless) {
    facts.bursts_planned = plan_.bursts();
  }
  collector_ = std::make_unique<metrics::Collector>(std::move(facts), setup.devices, shares);
}

Conductor::~Conductor() {
  // All are told before any is waited for.
  board_.request_stop(clock_.now());
  threads_.clear();
}

void Conductor::make_workers(const std::vector<std::size_t>& shares, const MakeConnections& make,
                             const metrics::RunFacts& facts) {
  std::random_device random;
  std::size_t first = 0;
  for (std::size_t number = 0; number < shares.size(); ++number) {
    const auto devices = setup_.devices.subspan(first, shares[number]);
    mqtt::Dialer::Options dialing;
    dialing.rate = setup_.mqtt.connect_rate / static_cast<double>(shares.size());
    dialing.reconnect = setup_.mqtt.reconnect;
    dialing.most_pending =
        static_cast<std::uint32_t>(std::max<std::size_t>(1, most_pending / shares.size()));
    dialing.seed = random();
    workers_.push_back(std::make_unique<Worker>(
        Worker::Setup{
            .number = number,
            .devices = devices,
            .connections = make(devices),
            .dialer = mqtt::Dialer(static_cast<mqtt::Slot>(devices.size()), dialing, clock_.now()),
            .burst = setup_.burst,
            .plan = plan_,
            .first = first,
            .qos = setup_.mqtt.qos,
            .max_inflight = setup_.mqtt.max_inflight,
            .seed = random(),
            .stamps_from = setup_.stamped ? std::optional(facts.started_wall.time_since_epoch() -
                                                          facts.started.time_since_epoch())
                                          : std::nullopt,
        },
        board_, clock_));
    first += shares[number];
  }
}

void Conductor::start_workers() {
  for (const auto& worker : workers_) {
    threads_.emplace_back([this, &worker = *worker] {
      try {
        worker.run();
      } catch (...) {
        // The others stop and are waited for; then this goes on where somebody can catch it.
        board_.fail(std::current_exception());
      }
    });
  }
}

metrics::Snapshot Conductor::conduct(const std::stop_token& stop) {
  tell(clock_.now());
  start_workers();
  while (!board_.all_finished()) {
    // Once asked to stop the token would end every wait at once.
    const bool asked = board_.stop_requested();
    clock_.wait_until(clock_.now() + tick, asked ? std::stop_token() : stop);
    const Mono::time_point now = clock_.now();
    watch_for_stop(stop, now);
    collect(now);
  }
  threads_.clear();
  board_.rethrow_failure();
  collect_last();
  const Mono::time_point now = clock_.now();
  auto last = collector_->snapshot(Status::stopped, Phase::none, moment(now));
  last.nobody_connected = board_.nobody_connected() && !board_.stop_requested();
  publish_(last, collector_->take_news(), now);
  return last;
}

void Conductor::watch_for_stop(const std::stop_token& stop, Mono::time_point now) {
  if (!board_.stop_requested() &&
      (stop.stop_requested() || control::stop_flag_raised(setup_.data))) {
    board_.request_stop(now);
    tell(now);  // at once: who asked is waiting to see that it was heard
  }
}

void Conductor::collect(Mono::time_point now) {
  // News is told soon, but with figures that are as new.
  if (status() != told_status_ || phase() != told_phase_) {
    next_snapshot_ = std::min(next_snapshot_, now + ask_ahead);
  }
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    metrics::Mailbox& mailbox = workers_[i]->mailbox();
    mailbox.take([&](metrics::WorkerFigures& figures) { collector_->absorb(i, figures); });
    if (now >= next_snapshot_ - ask_ahead) {
      mailbox.ask();
    }
  }
  if (now >= next_snapshot_) {
    tell(now);
  }
}

void Conductor::collect_last() {
  const Mono::time_point now = clock_.now();
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    workers_[i]->mailbox().take(
        [&](metrics::WorkerFigures& figures) { collector_->absorb(i, figures); });
    metrics::WorkerFigures& figures = workers_[i]->final_figures();
    figures.taken_at = now;  // nothing happened to it after its end, however long others went on
    collector_->absorb(i, figures);
  }
}

void Conductor::tell(Mono::time_point now) {
  next_snapshot_ = now + std::min(setup_.output.metrics_write,
                                  std::min<Mono::duration>(setup_.output.console, 1s));
  told_status_ = status();
  if (std::exchange(told_phase_, phase()) != told_phase_) {
    open_files_ = open_files();
  }
  collector_->first_due_is(board_.first_due());
  auto snapshot = collector_->snapshot(told_status_, told_phase_, moment(now));
  publish_(snapshot, collector_->take_news(), now);
}

metrics::Moment Conductor::moment(Mono::time_point now) const {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return {now, clock_.wall(),
          std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec), open_files_};
}

Status Conductor::status() const {
  return board_.stop_requested() || board_.draining() ? Status::stopping : Status::running;
}

Phase Conductor::phase() const {
  if (status() == Status::stopping) {
    return Phase::draining;
  }
  return board_.first_due() == Mono::time_point::max() ? Phase::connecting : Phase::bursting;
}

}  // namespace

metrics::Snapshot conduct(const RunSetup& setup, const MakeConnections& make, support::Clock& clock,
                          std::stop_token stop, const Publish& publish) {
  return Conductor(setup, make, clock, publish).conduct(stop);
}

}  // namespace stresskit::burst
