// What a run says, held against what a server on the wire saw.
#include "support/certificates.hpp"
#include "support/scripted_mqtt_server.hpp"
#include "support/telemetry_run.hpp"
#include "support/wrapped_connections.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <map>

namespace stresskit {
namespace {

using namespace std::chrono_literals;
using metrics::Snapshot;
using support::Mono;
using test::Packet;
using test::PacketType;
using test::ScriptedMqttServer;
using Session = ScriptedMqttServer::Session;

/// Makes the messages of the first devices so long that a few of them fill any socket.
class LongMessages final : public test::WrappedConnections {
 public:
  LongMessages(std::unique_ptr<mqtt::Connections> real, mqtt::Slot count)
      : WrappedConnections(std::move(real)), count_(count) {}

  bool prepare(mqtt::Slot slot, std::string_view payload) override {
    return WrappedConnections::prepare(slot, slot < count_ ? std::string_view(long_) : payload);
  }

 private:
  mqtt::Slot count_;
  std::string long_ = std::string(2'000'000, 'x');
};

constexpr std::size_t stuck = 3;  // devices, the first ones

class StuckServer : public testing::TestWithParam<bool> {};

INSTANTIATE_TEST_SUITE_P(, StuckServer, testing::Values(false, true),
                         [](const auto& tls) { return tls.param ? "tls" : "tcp"; });

TEST_P(StuckServer, CostsOnlyTheDevicesItDoesNotRead) {
  constexpr std::size_t devices = 10;
  constexpr std::size_t bursts = 12;
  const test::Certificates certificates;
  ScriptedMqttServer::Options options{.receive_buffer = 4'096};
  test::TelemetryRun run;
  if (GetParam()) {
    options.tls = certificates.good();
    run.mqtt.tls = true;
    run.mqtt.host = "localhost";
    run.mqtt.ca_file = certificates.authority();
  }
  ScriptedMqttServer server(
      [](Session& session) {
        const auto packet = session.receive();
        session.connack(0);
        if (packet && read_connect(*packet).user_name <= "token-003") {
          session.hold();
        }
        ScriptedMqttServer::serve(session);
      },
      options);
  run.mqtt.port = server.port();
  run.mqtt.max_inflight = 1'000;  // so that the socket is what is full
  run.add_devices(devices);
  run.wrap = [](auto real) -> std::unique_ptr<mqtt::Connections> {
    return std::make_unique<LongMessages>(std::move(real), stuck);
  };
  run.burst.interval = 400ms;  // late is what is late by 20 ms
  run.burst.bursts = bursts;
  run.burst.ack_drain = 100ms;
  run.start();
  const Snapshot last = run.finish();
  EXPECT_EQ(run.broken_identity(), "");
  const std::size_t released = bursts - last.generator.missed_bursts;
  for (std::size_t i = 0; i < devices; ++i) {
    const auto& device = last.devices[i].counters;
    EXPECT_EQ(device.planned(), bursts);
    if (i < stuck) {
      EXPECT_EQ(device.acknowledged(), 0U);
      EXPECT_GE(device.skipped(), bursts / 2) << last.devices[i].name;
    } else {
      EXPECT_EQ(device.acknowledged(), released) << last.devices[i].name;
    }
  }
  const auto full = std::ranges::find_if(last.failures, [](const auto& row) {
    return row.failure.bucket == fleet::Bucket::client_backpressure;
  });
  ASSERT_NE(full, last.failures.end());
  EXPECT_EQ(full->failure.detail, "socket is full");
  // A busy machine is late now and then; a server that holds us up would make every burst late.
  EXPECT_LE(last.generator.late_bursts + last.generator.missed_bursts, bursts / 2);
  EXPECT_EQ(server.packets(PacketType::publish).size(), (devices - stuck) * released);
}

TEST(RunOfTwoWorkers, WhatOneMeetsAfterTheOthersEndIsStillAnEvent) {
  std::promise<void> first_is_gone;
  ScriptedMqttServer server([&](Session& session) {
    const auto connect = session.receive();
    session.connack(0);
    if (connect && read_connect(*connect).user_name == "token-001") {
      ScriptedMqttServer::serve(session);
      first_is_gone.set_value();
    } else {
      (void)session.receive();  // the message, which is not answered
      first_is_gone.get_future().wait_for(20s);
    }
  });
  test::TelemetryRun run;
  run.mqtt.port = server.port();
  run.mqtt.workers = 2;
  run.add_devices(2);
  run.burst.bursts = 1;
  run.burst.ack_drain = 30s;
  run.start();
  EXPECT_EQ(run.finish().totals.lost(), 1U);
  const auto events = run.events();
  EXPECT_TRUE(std::ranges::any_of(events, [](const metrics::Event& event) {
    return event.type == metrics::Event::Type::device && event.device == 1 &&
           event.state == metrics::DeviceState::disconnected;
  }));
}

/// Lets each message of a burst but the first wait.
class SlowMessages final : public test::WrappedConnections {
 public:
  static constexpr auto pause = 100ms;

  using WrappedConnections::WrappedConnections;

  support::Result<mqtt::MessageId, fleet::Failure> publish(mqtt::Slot slot) override {
    if (!first_) {
      support::real_clock().wait_until(Mono::now() + pause, {});
    }
    first_ = false;
    return WrappedConnections::publish(slot);
  }
  void poll(Mono::time_point until, mqtt::Events& events) override {
    first_ = true;  // a burst of a few devices is not interrupted by a poll
    WrappedConnections::poll(until, events);
  }

 private:
  bool first_ = true;
};

// The truth is told: what is written over 300 ms arrives over 300 ms, and the run says so.
TEST(ImposedSpread, IsTheSpreadThatArrivesAndTheSpreadReported) {
  constexpr std::size_t bursts = 5;
  ScriptedMqttServer server(ScriptedMqttServer::serve);
  test::TelemetryRun run;
  run.mqtt.port = server.port();
  run.add_devices(4);
  run.wrap = [](auto real) -> std::unique_ptr<mqtt::Connections> {
    return std::make_unique<SlowMessages>(std::move(real));
  };
  run.burst.interval = 1s;
  run.burst.bursts = bursts;
  run.start();
  const Snapshot last = run.finish();

  std::map<std::size_t, std::vector<Mono::time_point>> arrivals;  // by connection
  for (const Packet& packet : server.packets(PacketType::publish)) {
    arrivals[packet.connection].push_back(packet.at);
  }
  ASSERT_EQ(arrivals.size(), 4U);
  ASSERT_EQ(last.bursts.size(), bursts);
  std::vector<double> difference_ms;
  for (std::size_t k = 0; k < bursts; ++k) {
    std::vector<Mono::time_point> times;
    for (const auto& [connection, all] : arrivals) {
      ASSERT_EQ(all.size(), bursts);
      times.push_back(all[k]);
    }
    const auto [first, end] = std::ranges::minmax(times);
    const std::chrono::duration<double, std::milli> arrived = end - first;
    ASSERT_TRUE(last.bursts[k].spread_ms);
    EXPECT_GE(*last.bursts[k].spread_ms, 300);
    difference_ms.push_back(std::abs(*last.bursts[k].spread_ms - arrived.count()));
  }
  // A server's thread may wake up late once, not every time.
  std::ranges::sort(difference_ms);
  EXPECT_LT(difference_ms[bursts / 2], 60) << "median, of 300 ms";
}

}  // namespace
}  // namespace stresskit
