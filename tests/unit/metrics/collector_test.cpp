#include "stresskit/metrics/collector.hpp"

#include "stresskit/metrics/metrics_json.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <functional>

namespace stresskit::metrics {
namespace {

using namespace std::chrono_literals;

constexpr Mono::time_point start{1000s};

std::vector<fleet::Device> fleet_of(std::size_t count) {
  std::vector<fleet::Device> devices;
  for (std::size_t i = 0; i < count; ++i) {
    devices.push_back({fleet::device_name("sim", static_cast<std::uint32_t>(i + 1)), "secret"});
  }
  return devices;
}

RunFacts facts() {
  RunFacts facts;
  facts.run_id = "20261123T101500Z-4f2a";
  facts.engine = "native";
  facts.write_time = "written";
  facts.interval = 1s;
  facts.stages = {{4, 0}};
  facts.started = start;
  facts.started_wall = support::Wall::time_point(1'700'000'000s);
  return facts;
}

WorkerFigures figures_of(std::size_t devices, Mono::time_point at) {
  WorkerFigures figures;
  figures.taken_at = at;
  figures.devices.resize(devices);
  return figures;
}

Snapshot snapshot_at(Collector& collector, Mono::time_point at) {
  return collector.snapshot(Status::running, Phase::bursting,
                            {at, support::Wall::time_point(1'700'000'000s), 0s});
}

TEST(Collector, CountsTheFleetByState) {
  const auto devices = fleet_of(4);
  Collector collector(facts(), devices, {2, 2});
  auto one = figures_of(2, start + 1s);
  one.devices[0].state = DeviceState::connected;
  one.devices[1].state = DeviceState::failed;
  auto two = figures_of(2, start + 1s);
  two.devices[0].state = DeviceState::disconnected;
  collector.absorb(0, one);
  collector.absorb(1, two);
  const Snapshot s = snapshot_at(collector, start + 1s);
  EXPECT_EQ(s.connected, 1U);
  EXPECT_EQ(s.failed, 1U);
  EXPECT_EQ(s.disconnected, 1U);
  EXPECT_EQ(s.connecting, 1U);
  EXPECT_EQ(s.connecting + s.connected + s.disconnected + s.failed, s.device_count);
}

// Worker 0 lost its only device, and what worker 1 has is not known yet: no collapse.
TEST(Collector, WaitsForEveryWorkerBeforeItCallsACollapse) {
  const auto devices = fleet_of(2);
  Collector collector(facts(), devices, {1, 1});
  collector.first_due_is(start);
  auto one = figures_of(1, start + 3s);
  one.changes = {{start + 1s, 0, DeviceState::connected},
                 {start + 2s, 0, DeviceState::disconnected}};
  collector.absorb(0, one);
  EXPECT_TRUE(snapshot_at(collector, start + 3s).collapses.empty());
  auto two = figures_of(1, start + 3s);
  two.changes = {{start + 1s, 0, DeviceState::connected}};
  collector.absorb(1, two);
  EXPECT_TRUE(snapshot_at(collector, start + 3s).collapses.empty());
  two.taken_at = start + 5s;
  two.changes = {{start + 4s, 0, DeviceState::disconnected}};
  collector.absorb(1, two);
  one.taken_at = start + 5s;
  collector.absorb(0, one);
  const auto collapses = snapshot_at(collector, start + 5s).collapses;
  ASSERT_EQ(collapses.size(), 1U);
  EXPECT_DOUBLE_EQ(collapses[0].at_s, 4);
}

TEST(Collector, SaysWhenDevicesAndBurstsDisagree) {
  const auto devices = fleet_of(1);
  Collector collector(facts(), devices, {1});
  auto figures = figures_of(1, start);
  figures.devices[0].counters.send();
  collector.absorb(0, figures);
  EXPECT_FALSE(snapshot_at(collector, start).balanced);
  BurstTally tally;
  tally.counters.send();
  figures.bursts = {tally};
  collector.absorb(0, figures);
  EXPECT_TRUE(snapshot_at(collector, start).balanced);
}

// Paho takes a message into its queue: from there no moment of writing is known, for any reader.
TEST(Collector, FromALibrarysQueueThereIsNoLatencyFromTheWrite) {
  const auto devices = fleet_of(1);
  for (const bool written : {true, false}) {
    RunFacts of_engine = facts();
    of_engine.write_time = written ? "written" : "queued";
    Collector collector(of_engine, devices, {1});
    auto figures = figures_of(1, start + 1s);
    BurstTally tally;
    tally.due = start;
    tally.first_write = tally.last_write = start;
    tally.counters.send();
    tally.counters.send();
    tally.counters.acknowledge();
    figures.bursts = {tally};
    figures.acks = {{0, 2'000, 1'900}};
    collector.absorb(0, figures);
    const Snapshot s = snapshot_at(collector, start + 1s);
    EXPECT_EQ(s.ack_from_due_with_open.count, 2U);
    EXPECT_EQ(s.ack_from_write.count, written ? 1U : 0U);
    EXPECT_EQ(s.ack_from_write_with_open.count, written ? 2U : 0U);
    EXPECT_EQ(s.histogram_buckets.at("ack_from_write").count, written ? 1U : 0U);
    EXPECT_EQ(s.bursts.at(0).from_write_ms.has_value(), written);
    EXPECT_EQ(collector.take_news().histograms.count({Metric::ack_from_write}), written ? 1U : 0U);
  }
}

TEST(Collector, KeepsTheFiveHundredDevicesWithTheLatestIncidents) {
  const auto devices = fleet_of(700);
  Collector collector(facts(), devices, {700});
  auto figures = figures_of(700, start);
  figures.failures = {{{fleet::Stage::connect, fleet::Bucket::auth, "CONNACK 5", {}}, 1}};
  figures.devices[650].failure_row = 0;
  figures.devices[650].failed_at = start + 2s;
  collector.absorb(0, figures);
  const Snapshot s = snapshot_at(collector, start + 3s);
  ASSERT_EQ(s.devices.size(), 500U);
  EXPECT_EQ(s.devices[0].name, "sim-651");
  EXPECT_EQ(s.devices[0].failure->detail, "CONNACK 5");
  EXPECT_DOUBLE_EQ(*s.devices[0].last_failure, 1'700'000'002);
}

TEST(Collector, BandwidthLooksAtTheLastFiveSeconds) {
  const auto devices = fleet_of(1);
  Collector collector(facts(), devices, {1});
  collector.first_due_is(start);
  auto figures = figures_of(1, start);
  (void)snapshot_at(collector, start);
  for (int second = 1; second <= 20; ++second) {
    figures.payload_bytes = second <= 10 ? 0 : static_cast<std::uint64_t>(second - 10) * 125'000;
    collector.absorb(0, figures);
    (void)snapshot_at(collector, start + second * 1s);
  }
  EXPECT_NEAR(snapshot_at(collector, start + 20s).bandwidth_mbps, 1.0, 0.01);
}

// The promise: a generator that was late says so, and for which of three reasons it may be.
TEST(Collector, CallsItselfTheBottleneckWhenBurstsLoopOrProcessorSaySo) {
  const auto devices = fleet_of(1);
  const auto verdict = [&](const std::function<void(WorkerFigures&)>& trouble) {
    Collector collector(facts(), devices, {1});
    auto figures = figures_of(1, start + 10s);
    figures.lags = {1ms};
    figures.cpu = 1s;
    trouble(figures);
    collector.absorb(0, figures);
    return snapshot_at(collector, start + 10s).generator.was_bottleneck;
  };
  const auto late_burst = [](Mono::duration lateness) {
    BurstTally tally;
    tally.due = start;
    tally.first_write = tally.last_write = start + lateness;
    return tally;
  };
  EXPECT_FALSE(verdict([&](WorkerFigures& f) { f.bursts = {late_burst(1ms)}; }));
  EXPECT_TRUE(verdict([&](WorkerFigures& f) { f.bursts = {late_burst(21ms)}; }));
  EXPECT_TRUE(verdict([](WorkerFigures& f) { f.lags.assign(100, 21ms); }));
  EXPECT_TRUE(verdict([](WorkerFigures& f) { f.cpu = 9'500ms; }));
}

TEST(MetricsJson, HoldsTheOriginalKeysAndTheIdentities) {
  const auto devices = fleet_of(2);
  Collector collector(facts(), devices, {2});
  auto figures = figures_of(2, start);
  figures.devices[0].counters.send();
  figures.devices[0].counters.acknowledge();
  figures.devices[0].acknowledged_at = start + 1s;
  figures.devices[1].counters.skip();
  collector.absorb(0, figures);
  const auto json = nlohmann::json::parse(to_json(snapshot_at(collector, start + 1s)));
  for (const char* key :
       {"status", "timestamp", "device_count", "interval_sec", "connected_devices",
        "disconnected_devices", "failed_devices", "failed_or_disconnected", "active_channels",
        "total_packets_sent", "total_packets_failed", "total_volume_mb", "avg_send_rate_per_device",
        "bandwidth_mbps", "collapse_time", "failure_breakdown", "devices"}) {
    EXPECT_TRUE(json.contains(key)) << key;
  }
  EXPECT_EQ(json["totals"]["planned"], 2);
  EXPECT_EQ(json["totals"]["acknowledged"], 1);
  EXPECT_EQ(json["acknowledged_ratio"], 0.5);
  EXPECT_EQ(json["devices"][0]["last_seen"], 1'700'000'001.0);
  EXPECT_TRUE(json["devices"][1]["last_seen"].is_null());
  EXPECT_EQ(json.dump().find("secret"), std::string::npos);
}

TEST(MetricsJson, ANameThatIsNoUtf8IsWrittenAllTheSame) {
  const std::vector<fleet::Device> devices{{"sim-\xff", "token"}};
  Collector collector(facts(), devices, {1});
  auto figures = figures_of(1, start);
  collector.absorb(0, figures);
  EXPECT_TRUE(nlohmann::json::accept(to_json(snapshot_at(collector, start))));
}

}  // namespace
}  // namespace stresskit::metrics
