#include "stresskit/metrics/collector.hpp"

#include "stresskit/metrics/verdict.hpp"
#include "stresskit/support/format.hpp"

#include <algorithm>
#include <iterator>
#include <thread>
#include <tuple>
#include <utility>

namespace stresskit::metrics {

namespace {

using namespace std::chrono_literals;
using support::to_seconds;

constexpr auto bandwidth_window = 5s;
constexpr std::size_t device_rows_kept = 500;

void record_unless_zero(HistogramLog& log, Metric metric, Mono::duration value) {
  if (value > Mono::duration::zero()) {
    log[{metric}].record(value);
  }
}

}  // namespace

Collector::Collector(RunFacts facts, std::span<const fleet::Device> devices,
                     const std::vector<std::size_t>& shares)
    : facts_(std::move(facts)),
      devices_(devices),
      bursts_({shares.size(), facts_.interval, facts_.warmup, facts_.stages,
               facts_.write_time == "written"}),
      known_states_(devices.size(), DeviceState::connecting) {
  std::size_t first = 0;
  for (const std::size_t count : shares) {
    Share share;
    share.first = first;
    share.devices.resize(count);
    shares_.push_back(std::move(share));
    first += count;
  }
}

void Collector::absorb(std::size_t worker, WorkerFigures& figures) {
  Share& share = shares_[worker];
  bursts_.absorb(worker, figures.bursts, figures.acks, figures.taken_at);
  for (const ConnectSample& connect : figures.connects) {
    histograms_[{Metric::connect}].record(connect.total);
    record_unless_zero(histograms_, Metric::connect_tcp, connect.tcp);
    record_unless_zero(histograms_, Metric::connect_tls, connect.tls);
    record_unless_zero(histograms_, Metric::connect_connack, connect.connack);
  }
  for (const Mono::duration lag : figures.lags) {
    histograms_[{Metric::loop_lag}].record(lag);
  }
  share.changes.insert(share.changes.end(), figures.changes.begin(), figures.changes.end());
  share.taken_at = figures.taken_at;
  share.devices = figures.devices;
  share.failures = figures.failures;
  share.payload_bytes = figures.payload_bytes;
  share.reconnects = figures.reconnects;
  share.tcp_retransmits = figures.tcp_retransmits;
  share.cpu = figures.cpu;
  figures.bursts.clear();
  figures.acks.clear();
  figures.connects.clear();
  figures.lags.clear();
  figures.changes.clear();
  watch_states();
}

/// Changes count only up to the moment that every worker has told about: one worker's losses must
/// not look like a collapse because another's connections are not known yet.
void Collector::watch_states() {
  const auto known_until =
      std::min_element(shares_.begin(), shares_.end(), [](const Share& a, const Share& b) {
        return a.taken_at < b.taken_at;
      })->taken_at;
  std::vector<KnownChange> ready;
  for (Share& share : shares_) {
    const auto later = std::find_if(share.changes.begin(), share.changes.end(),
                                    [&](const auto& change) { return change.at > known_until; });
    std::transform(share.changes.begin(), later, std::back_inserter(ready),
                   [&](const StateChange& change) {
                     return KnownChange{&share, change};
                   });
    share.changes.erase(share.changes.begin(), later);
  }
  std::stable_sort(ready.begin(), ready.end(),
                   [](const auto& a, const auto& b) { return a.change.at < b.change.at; });
  for (const KnownChange& known : ready) {
    note_change(known);
  }
}

void Collector::note_change(const KnownChange& known) {
  const auto& [share, change] = known;
  const std::size_t device = share->first + change.device;
  DeviceState& state = known_states_[device];
  limits_.note(device, change, state,
               change.failure_row == DeviceFigures::no_failure
                   ? nullptr
                   : &share->failures[change.failure_row].failure);
  connected_ += change.state == DeviceState::connected ? 1 : 0;
  connected_ -= state == DeviceState::connected ? 1 : 0;
  state = change.state;
  collapse_.connected_is(static_cast<std::uint64_t>(connected_), change.at);
  Event event;
  event.at_s = since_start(change.at);
  event.type = Event::Type::device;
  event.device = device;
  event.state = change.state;
  if (change.failure_row != DeviceFigures::no_failure) {
    event.failure = share->failures[change.failure_row].failure;
  }
  news_.events.push_back(std::move(event));
}

Snapshot Collector::snapshot(Status status, Phase phase, const Moment& moment) {
  Snapshot s;
  s.run_id = facts_.run_id;
  s.pid = facts_.pid;
  s.status = status;
  s.phase = phase;
  s.started_at = support::unix_seconds(facts_.started_wall);
  s.updated_at = support::unix_seconds(moment.wall);
  s.elapsed_s = to_seconds(moment.now - facts_.started);
  s.engine = facts_.engine;
  s.write_time = facts_.write_time;
  s.write_sec = facts_.write_sec;
  s.interval_sec = to_seconds(facts_.interval);
  s.qos = facts_.qos;
  s.bursts_planned = facts_.bursts_planned;
  const auto unix = [this](Mono::time_point at) { return unix_time(at); };
  bursts_.take_news(news_, unix);
  news_.histograms.merge(histograms_.fold());
  bursts_.fill(s, moment.now);
  s.bursts = bursts_.rows(unix);
  fill_latencies(s);
  fill_fleet(s);
  fill_devices(s);
  fill_failures(s);
  fill_collapses(s);
  fill_limits(s);
  fill_rates(s, moment.now);
  fill_health(s, moment);
  conclude(s);
  tell_failures(s);
  tell_collapses(s);
  if (!std::exchange(told_names_, true)) {
    std::transform(devices_.begin(), devices_.end(), std::back_inserter(news_.names),
                   [](const fleet::Device& device) { return device.name; });
  }
  if (status == Status::stopped) {
    news_.devices = all_devices();
  }
  return s;
}

void Collector::fill_latencies(Snapshot& s) const {
  const Histograms& whole = histograms_.whole();
  const Histogram connect = measured(whole, Metric::connect);
  s.connect = ladder(connect);
  s.connect_tcp = ladder(measured(whole, Metric::connect_tcp));
  s.connect_tls = ladder(measured(whole, Metric::connect_tls));
  s.connect_connack = ladder(measured(whole, Metric::connect_connack));
  s.histogram_buckets["connect"] = bucket_row(connect);
  bursts_.fill_buckets(s);
}

void Collector::fill_fleet(Snapshot& s) const {
  s.device_count = devices_.size();
  for (const Share& share : shares_) {
    s.reconnects += share.reconnects;
    for (const DeviceFigures& device : share.devices) {
      s.totals += device.counters;
      switch (device.state) {
        case DeviceState::connecting:
          ++s.connecting;
          break;
        case DeviceState::connected:
          ++s.connected;
          break;
        case DeviceState::disconnected:
          ++s.disconnected;
          break;
        case DeviceState::failed:
          ++s.failed;
          break;
      }
    }
  }
  s.balanced = s.totals == bursts_.totals();
}

DeviceRow Collector::device_row(const Share& share, std::size_t index) const {
  const DeviceFigures& figures = share.devices[index];
  DeviceRow row;
  row.index = share.first + index;
  row.name = devices_[share.first + index].name;
  row.device_id = devices_[share.first + index].id;
  row.state = figures.state;
  row.last_stage = figures.last_stage;
  row.counters = figures.counters;
  if (figures.acknowledged_at != Mono::time_point{}) {
    row.last_seen = unix_time(figures.acknowledged_at);
  }
  if (figures.failure_row != DeviceFigures::no_failure) {
    row.failure = share.failures[figures.failure_row].failure;
    row.last_failure = unix_time(figures.failed_at);
  }
  return row;
}

void Collector::fill_devices(Snapshot& s) const {
  struct Entry {
    const Share* share;
    std::size_t index;
  };
  std::vector<Entry> entries;
  entries.reserve(devices_.size());
  for (const Share& share : shares_) {
    for (std::size_t i = 0; i < share.devices.size(); ++i) {
      entries.push_back({&share, i});
    }
  }
  if (entries.size() > device_rows_kept) {
    const auto latest_first = [](const Entry& a, const Entry& b) {
      return a.share->devices[a.index].failed_at > b.share->devices[b.index].failed_at;
    };
    const auto end = entries.begin() + device_rows_kept;
    std::partial_sort(entries.begin(), end, entries.end(), latest_first);
    entries.erase(end, entries.end());
  }
  s.devices.reserve(entries.size());
  for (const Entry& entry : entries) {
    s.devices.push_back(device_row(*entry.share, entry.index));
  }
}

std::vector<DeviceRow> Collector::all_devices() const {
  std::vector<DeviceRow> rows;
  rows.reserve(devices_.size());
  for (const Share& share : shares_) {
    for (std::size_t i = 0; i < share.devices.size(); ++i) {
      rows.push_back(device_row(share, i));
    }
  }
  return rows;
}

void Collector::fill_failures(Snapshot& s) const {
  const auto key = [](const fleet::Failure& f) { return std::tie(f.stage, f.bucket, f.detail); };
  for (const Share& share : shares_) {
    for (const FailureCount& row : share.failures) {
      const auto same = std::find_if(s.failures.begin(), s.failures.end(), [&](const auto& known) {
        return key(known.failure) == key(row.failure);
      });
      if (same == s.failures.end()) {
        s.failures.push_back(row);
      } else {
        same->count += row.count;
      }
    }
  }
  std::stable_sort(s.failures.begin(), s.failures.end(),
                   [](const auto& a, const auto& b) { return a.count > b.count; });
}

void Collector::fill_collapses(Snapshot& s) const {
  // A fleet lost in the lead time is a fleet lost at due(0).
  const auto since_due = [this](Mono::time_point at) {
    return std::max(0.0, to_seconds(at - first_due_));
  };
  if (first_due_ == Mono::time_point::max()) {
    return;
  }
  for (const auto& collapse : collapse_.collapses()) {
    const bool over_before = collapse.recovered && *collapse.recovered < first_due_;
    if (!over_before) {
      CollapseRow row{since_due(collapse.at), std::nullopt};
      if (collapse.recovered) {
        row.recovered_at_s = since_due(*collapse.recovered);
      }
      s.collapses.push_back(row);
    }
  }
}

void Collector::fill_limits(Snapshot& s) const {
  s.limit_evidence = limits_.evidence(s.failures);
  s.limit_evidence.devices = s.device_count;
  s.limit_evidence.addresses = facts_.addresses;
  s.limit_evidence.interval_s = s.interval_sec;
  s.limits = limits(s.limit_evidence);
}

/// A row when its count grew.
void Collector::tell_failures(const Snapshot& s) {
  for (const FailureCount& row : s.failures) {
    std::uint64_t& told =
        told_failures_[{row.failure.stage, row.failure.bucket, row.failure.detail}];
    if (std::exchange(told, row.count) != row.count) {
      Event event;
      event.at_s = s.elapsed_s;
      event.type = Event::Type::failure;
      event.failure = row.failure;
      event.count = row.count;
      news_.events.push_back(std::move(event));
    }
  }
}

void Collector::tell_collapses(const Snapshot& s) {
  const auto tell = [&](Event::Type type, double since_due_s) {
    Event event;
    event.at_s = since_start(first_due_) + since_due_s;
    event.type = type;
    event.since_due_s = since_due_s;
    news_.events.push_back(std::move(event));
  };
  for (std::size_t i = std::min(told_collapses_, told_recoveries_); i < s.collapses.size(); ++i) {
    const CollapseRow& row = s.collapses[i];
    if (i >= told_collapses_) {
      tell(Event::Type::collapse, row.at_s);
      told_collapses_ = i + 1;
    }
    if (i >= told_recoveries_ && row.recovered_at_s) {
      tell(Event::Type::recovery, *row.recovered_at_s);
      told_recoveries_ = i + 1;
    }
  }
}

void Collector::fill_rates(Snapshot& s, Mono::time_point now) {
  std::uint64_t bytes = 0;
  for (const Share& share : shares_) {
    bytes += share.payload_bytes;
  }
  volume_.push_back({now, bytes});
  // The newest point that is a whole window old is where the window begins.
  while (volume_.size() > 2 && now - volume_[1].at >= bandwidth_window) {
    volume_.pop_front();
  }
  s.volume_mb = static_cast<double>(bytes) / 1e6;
  const double window = to_seconds(now - volume_.front().at);
  if (window > 0) {
    s.bandwidth_mbps = static_cast<double>(bytes - volume_.front().bytes) * 8 / 1e6 / window;
  }
  const double bursting = now > first_due_ ? to_seconds(now - first_due_) : 0;
  if (bursting > 0 && s.device_count > 0) {
    s.send_rate_per_device =
        static_cast<double>(s.totals.sent()) / static_cast<double>(s.device_count) / bursting;
  }
}

void Collector::fill_health(Snapshot& s, const Moment& moment) const {
  GeneratorHealth& health = s.generator;
  Mono::duration busiest{};
  for (const Share& share : shares_) {
    busiest = std::max(busiest, share.cpu);
    health.tcp_retransmits += share.tcp_retransmits;
  }
  health.open_files = moment.open_files;
  const double elapsed = to_seconds(moment.now - facts_.started);
  if (elapsed > 0) {
    const double cores = std::max(1U, std::thread::hardware_concurrency());
    health.cpu_share = to_seconds(moment.process_cpu) / elapsed / cores;
    health.busiest_worker_cpu = to_seconds(busiest) / elapsed;
  }
  const Ladder lag = ladder(measured(histograms_.whole(), Metric::loop_lag));
  health.loop_lag_ms_p99 = lag.p99;
  health.loop_lags = lag.count;
  health.was_bottleneck = was_bottleneck(health, s.bursts_due - std::min(s.bursts_due, s.warmup));
}

double Collector::unix_time(Mono::time_point at) const {
  return support::unix_seconds(facts_.started_wall) + since_start(at);
}

double Collector::since_start(Mono::time_point at) const {
  return to_seconds(at - facts_.started);
}

}  // namespace stresskit::metrics
