#include "stresskit/verification/observer.hpp"

#include "verification/server_figures.hpp"

#include "stresskit/metrics/verdict.hpp"
#include "stresskit/support/files.hpp"
#include "stresskit/support/log.hpp"
#include "stresskit/thingsboard/client.hpp"
#include "stresskit/verification/freshness_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <mutex>
#include <thread>
#include <utility>

namespace stresskit::verification {

namespace {

using namespace std::chrono_literals;
using support::Mono;

constexpr auto look_every = 1s;
constexpr auto figures_every = 10s;
// An answer that takes longer is no look at this moment any more.
constexpr config::Duration longest_answer = 5s;

/// Evenly over the fleet; only devices whose id is known can be asked.
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
        probes_(choose(setup_.devices, setup_.probes)),
        session_(impatient(setup_.server), clock),
        watch_(probes_.size()),
        figures_(setup_.folder),
        thread_([this](std::stop_token stop) { work(std::move(stop)); }) {}

  void stop() {
    thread_.request_stop();
    thread_.join();
  }

  void fill(metrics::Snapshot& snapshot) const {
    const std::lock_guard lock(mutex_);
    snapshot.freshness = watch_.figures();
    for (metrics::BurstRow& burst : snapshot.bursts) {
      const auto known = watch_.drains_ms().find(burst.k);
      if (known != watch_.drains_ms().end()) {
        burst.store_drain_ms = known->second;
      }
    }
    snapshot.verdict = metrics::verdict(snapshot);
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
    open_rows();
    Mono::time_point next_figures = clock_.now();
    for (Mono::time_point next = clock_.now(); clock_.wait_until(next, stop);
         next = std::max(next + look_every, clock_.now())) {
      for (std::size_t i = 0; i < probes_.size() && !stop.stop_requested(); ++i) {
        look_at(i, client);
      }
      if (clock_.now() >= next_figures) {
        figures_.read(client, prometheus ? &*prometheus : nullptr, clock_);
        next_figures = clock_.now() + figures_every;
      }
    }
  }

  void look_at(std::size_t i, thingsboard::Client& client) {
    const auto point = client.newest_point(probes_[i].id, setup_.stamped ? "seq" : "temperature");
    const double now = support::unix_seconds(clock_.wall());
    const std::lock_guard lock(mutex_);
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
    Newest newest{i, std::nullopt, due, now};
    if (setup_.stamped) {
      std::uint64_t k = 0;
      const std::string& text = (*point)->value;
      std::from_chars(text.data(), text.data() + text.size(), k);
      newest.k = k;
    }
    watch_.note(newest);
    append(newest);
  }

  void open_rows() {
    auto file = support::AppendFile::open(setup_.folder / "freshness.csv");
    if (!file) {
      support::log_warning(file.error());
      return;
    }
    rows_ = std::move(*file);
    static_cast<void>(rows_->append("unix_s,device,k,age_ms\n"));
  }

  void append(const Newest& newest) {
    if (rows_) {
      const auto written = rows_->append(
          fmt::format("{:.3f},{},{},{:.0f}\n", newest.seen, probes_[newest.probe].name,
                      newest.k ? fmt::to_string(*newest.k) : "",
                      std::max(0.0, newest.seen - newest.due) * 1e3));
      if (!written) {
        support::log_warning(written.error());
        rows_.reset();
      }
    }
  }

  const Setup setup_;
  support::Clock& clock_;
  const support::Wall::time_point started_;
  const std::vector<fleet::Device> probes_;
  thingsboard::Session session_;
  mutable std::mutex mutex_;
  FreshnessWatch watch_;  // guarded by mutex_
  std::optional<support::AppendFile> rows_;
  ServerFigures figures_;
  std::jthread thread_;  // last: it uses everything above
};

Observer::Observer(Setup setup, support::Clock& clock) {
  if (is_configured(setup.server) && setup.probes > 0) {
    impl_ = std::make_unique<Impl>(std::move(setup), clock);
  }
}
Observer::~Observer() = default;

void Observer::stop() {
  if (impl_) {
    impl_->stop();
  }
}

void Observer::fill(metrics::Snapshot& snapshot) const {
  if (impl_) {
    impl_->fill(snapshot);
  }
}

}  // namespace stresskit::verification
