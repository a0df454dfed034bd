#include "support/telemetry_run.hpp"

#include "stresskit/mqtt/connections.hpp"

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>

namespace stresskit::test {

using namespace std::chrono_literals;

namespace {

constexpr auto patience = 30s;

template <class Int>
std::string counters_trouble(const metrics::BasicCounters<Int>& c, int qos,
                             std::string_view whose) {
  if (c.planned() != c.attempted() + c.skipped()) {
    return fmt::format("{}: planned {} != attempted {} + skipped {}", whose, c.planned(),
                       c.attempted(), c.skipped());
  }
  if (c.attempted() != c.sent() + c.failed()) {
    return fmt::format("{}: attempted {} != sent {} + failed {}", whose, c.attempted(), c.sent(),
                       c.failed());
  }
  const Int settled = c.acknowledged() + c.lost() + c.unacknowledged() + c.in_flight();
  if (settled != (qos == 0 ? 0 : c.sent())) {
    return fmt::format("{}: sent {} but settled and in flight {}", whose, c.sent(), settled);
  }
  return "";
}

}  // namespace

std::string identity_trouble(const metrics::Snapshot& s) {
  if (!s.balanced) {
    return "devices and bursts disagree";
  }
  if (s.connecting + s.connected + s.disconnected + s.failed != s.device_count) {
    return "the states of the devices do not add up";
  }
  if (std::string trouble = counters_trouble(s.totals, s.qos, "totals"); !trouble.empty()) {
    return trouble;
  }
  metrics::Counters sum;
  for (const auto& device : s.devices) {
    if (std::string trouble = counters_trouble(device.counters, s.qos, device.name);
        !trouble.empty()) {
      return trouble;
    }
    sum += device.counters;
  }
  if (s.devices.size() == s.device_count && sum != s.totals) {
    return "the devices' counters do not add up to the totals";
  }
  if (s.status == metrics::Status::stopped && s.totals.in_flight() != 0) {
    return "messages in flight after the end";
  }
  return "";
}

TelemetryRun::TelemetryRun() {
  mqtt.host = "127.0.0.1";
  mqtt.engine = "native";
  mqtt.version = "3.1.1";
  mqtt.qos = 1;
  mqtt.keep_alive = 60s;
  mqtt.connect_timeout = 30s;
  mqtt.max_inflight = 10;
  mqtt.reconnect = true;
  burst.interval = 200ms;
  burst.lead_time = 100ms;
  burst.ack_drain = 10s;
  output.metrics_write = 100ms;
  output.console = 1s;
}

void TelemetryRun::add_devices(std::size_t count, const std::string& prefix) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto index = static_cast<std::uint32_t>(devices.size() + 1);
    devices.push_back({fleet::device_name(prefix, index), fmt::format("token-{:03}", index)});
  }
}

void TelemetryRun::start() {
  thread_ = std::jthread([this] {
    const config::Data where = data();
    const burst::RunSetup setup{"run", devices, mqtt, burst, where, output};
    const auto server = mqtt::resolve(mqtt);
    const auto connect = [&](std::span<const fleet::Device> share) {
      return wrap(mqtt::make_connections(mqtt, server, share, *clock));
    };
    (void)burst::conduct(
        setup, connect, *clock, stop_.get_token(),
        [this](const auto& snapshot, const auto& news, auto) { take(snapshot, news); });
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  });
}

void TelemetryRun::take(const metrics::Snapshot& snapshot, const metrics::News& news) {
  const std::lock_guard lock(mutex_);
  latest_ = snapshot;
  events_.insert(events_.end(), news.events.begin(), news.events.end());
  ++taken_;
  if (broken_.empty()) {
    broken_ = identity_trouble(snapshot);
  }
  changed_.notify_all();
}

std::optional<metrics::Snapshot> TelemetryRun::wait_for(
    const std::function<bool(const metrics::Snapshot&)>& wanted) {
  std::unique_lock lock(mutex_);
  const bool came =
      changed_.wait_for(lock, patience, [&] { return taken_ > 0 && wanted(latest_); });
  return came ? std::optional(latest_) : std::nullopt;
}

metrics::Snapshot TelemetryRun::finish() {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, 3 * patience, [&] { return ended_; })) {
    throw std::runtime_error("the run did not end");
  }
  return latest_;
}

std::vector<metrics::Event> TelemetryRun::events() {
  const std::lock_guard lock(mutex_);
  return events_;
}

std::string TelemetryRun::broken_identity() {
  const std::lock_guard lock(mutex_);
  return broken_;
}

}  // namespace stresskit::test
