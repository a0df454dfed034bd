#include "stresskit/verification/observer.hpp"

#include "verification/burst_number.hpp"
#include "verification/observed_rows.hpp"
#include "verification/server_figures.hpp"

#include "stresskit/metrics/broke_first.hpp"
#include "stresskit/metrics/server_side.hpp"
#include "stresskit/metrics/verdict.hpp"
#include "stresskit/support/log.hpp"
#include "stresskit/thingsboard/client.hpp"
#include "stresskit/verification/freshness_watch.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>

namespace stresskit::verification {

namespace {

using namespace std::chrono_literals;
using support::Mono;

constexpr auto look_every = 1s;
constexpr auto figures_every = 10s;
constexpr auto figures_at_the_end_every = 2s;
// An answer that takes longer is no look at this moment any more.
constexpr config::Duration longest_answer = 5s;

/// Evenly; only devices whose id is known can be asked.
std::vector<fleet::Device> choose(std::span<const fleet::Device> devices, std::size_t count) {
  std::vector<fleet::Device> chosen;
  const std::size_t step =
      std::max<std::size_t>(1, devices.size() / std::max<std::size_t>(1, count));
  for (std::size_t i = 0; i < devices.size() && chosen.size() < count; i += step) {
    if (!devices[i].id.empty()) {
      chosen.push_back(devices[i]);
    }
  }
  return chosen;
}

bool is_configured(const config::ThingsBoard& server) {
  return !server.url.empty() && !server.username.empty() && !server.password.empty();
}

config::ThingsBoard impatient(config::ThingsBoard server) {
  server.timeout = std::min(server.timeout, longest_answer);
  return server;
}

}  // namespace

class Observer::Impl {
 public:
  Impl(Setup setup, support::Clock& clock)
      : setup_(std::move(setup)),
        clock_(clock),
        started_(clock.wall()),
        probes_(is_configured(setup_.server) ? choose(setup_.devices, setup_.probes)
                                             : std::vector<fleet::Device>()),
        session_(impatient(setup_.server), clock),
        watch_(probes_.size(), setup_.interval_s),
        rows_(setup_.folder),
        figures_([this](const metrics::ServerRow& row) { take(row); }, clock),
        thread_([this](std::stop_token stop) { work(std::move(stop)); }) {}

  [[nodiscard]] bool intact() const { return rows_.intact(); }

  void stop() {
    thread_.request_stop();
    if (thread_.joinable()) {
      thread_.join();
    }
  }

  void fill(metrics::Snapshot& snapshot) {
    if (snapshot.status == metrics::Status::stopping ||
        snapshot.status == metrics::Status::stopped) {
      bursts_ = snapshot.bursts_due;
    }
    const std::lock_guard lock(mutex_);
    snapshot.freshness = watch_.figures();
    snapshot.server = server_.figures();
    for (metrics::BurstRow& burst : snapshot.bursts) {
      const auto known = watch_.drains_ms().find(burst.k);
      if (known != watch_.drains_ms().end()) {
        burst.store_drain_ms = known->second;
      }
    }
    metrics::conclude(snapshot);
  }

  void await_report(metrics::Snapshot last, const std::stop_token& stop) {
    const double end = last.started_at + last.elapsed_s + metrics::server_report_s;
    if (has_report(last)) {
      return;
    }
    support::log_info(
        "messages are missing: waiting up to 70 s for the server's own counters, which may tell "
        "where they were lost (Ctrl+C or stop_telemetry ends the wait)");
    while (clock_.wait_until(clock_.now() + 200ms, stop) && !has_report(last) &&
           support::unix_seconds(clock_.wall()) < end) {
    }
  }

 private:
  void work(std::stop_token stop) {
    thingsboard::Client client(session_, stop);
    std::optional<thingsboard::Prometheus> prometheus;
    if (!setup_.prometheus_url.empty()) {
      config::ThingsBoard endpoint = impatient(setup_.server);
      endpoint.url = setup_.prometheus_url;
      prometheus.emplace(std::move(endpoint), stop);
    }
    std::optional<Mono::time_point> last_figures;
    for (Mono::time_point next = clock_.now(); clock_.wait_until(next, stop);
         next = std::max(next + look_every, clock_.now())) {
      for (std::size_t i = 0; i < probes_.size() && !stop.stop_requested(); ++i) {
        if (!has_ended(i)) {
          look_at(i, client);
        }
      }
      // Whoever waits for the report about the end waits no longer than he must.
      const Mono::duration every = is_over() ? figures_at_the_end_every : figures_every;
      if (!last_figures || clock_.now() - *last_figures >= every) {
        figures_.read(is_configured(setup_.server) ? &client : nullptr,
                      prometheus ? &*prometheus : nullptr);
        last_figures = clock_.now();
      }
    }
  }

  /// Whether the server has told all of the run that it will; at once when it tells nothing.
  [[nodiscard]] bool has_report(metrics::Snapshot& last) {
    fill(last);
    const auto& queues = last.server.queues;
    return !last.server.usage || (metrics::usage_is_complete(last) && queues &&
                                  queues->total >= last.totals.acknowledged());
  }

  [[nodiscard]] bool is_over() const { return bursts_ != going_on; }

  /// Nothing newer can come of this probe.
  [[nodiscard]] bool has_ended(std::size_t i) const {
    const std::lock_guard lock(mutex_);
    const auto newest = watch_.newest_of(i);
    return is_over() && (!setup_.stamped || (newest && *newest + 1 >= bursts_));
  }

  void take(const metrics::ServerRow& row) {
    rows_.add(row);
    const std::lock_guard lock(mutex_);
    server_.note(row);
  }

  void look_at(std::size_t i, thingsboard::Client& client) {
    const double asked = support::unix_seconds(clock_.wall());
    const auto point =
        client.newest_point(probes_[i].id, setup_.stamped ? burst_number_key : "temperature");
    const double now = support::unix_seconds(clock_.wall());
    const std::lock_guard lock(mutex_);
    const auto newest_before = watch_.newest_of(i);
    if (!point) {
      if (point.error().kind != thingsboard::ErrorKind::stopped) {
        watch_.note_failure(thingsboard::to_string(point.error()));
      }
      return;
    }
    const double due = *point ? static_cast<double>((*point)->ts) / 1e3 : 0;
    if (!*point || due < support::unix_seconds(started_)) {
      return;  // nothing yet, or of an earlier run
    }
    Newest newest{i, std::nullopt, due, now, asked};
    if (setup_.stamped) {
      newest.k = burst_number(**point);
      if (!newest.k) {
        return;  // not of this run
      }
    }
    if (is_over() && newest.k == newest_before) {
      return;  // nothing newer may ever come: it would only look older and older
    }
    watch_.note(newest);
    rows_.add_age(newest.seen, probes_[i].name, newest.k, newest.seen - newest.due);
  }

  static constexpr std::uint64_t going_on = UINT64_MAX;

  const Setup setup_;
  support::Clock& clock_;
  const support::Wall::time_point started_;
  const std::vector<fleet::Device> probes_;
  thingsboard::Session session_;
  mutable std::mutex mutex_;
  // guarded by mutex_
  FreshnessWatch watch_;
  metrics::ServerWatch server_;
  std::atomic<std::uint64_t> bursts_ = going_on;  // how many there were, once no more come
  // The thread's own.
  ObservedRows rows_;
  ServerFigures figures_;
  std::jthread thread_;  // last: it uses everything above
};

Observer::Observer(Setup setup, support::Clock& clock) {
  if (is_configured(setup.server) || !setup.prometheus_url.empty()) {
    impl_ = std::make_unique<Impl>(std::move(setup), clock);
  }
}
Observer::~Observer() = default;

void Observer::stop() {
  if (impl_) {
    impl_->stop();
  }
}

bool Observer::intact() const {
  return !impl_ || impl_->intact();
}

void Observer::fill(metrics::Snapshot& snapshot) const {
  if (impl_) {
    impl_->fill(snapshot);
  }
}

void Observer::await_report(const metrics::Snapshot& last, const std::stop_token& stop) const {
  if (impl_) {
    impl_->await_report(last, stop);
  }
}

}  // namespace stresskit::verification
