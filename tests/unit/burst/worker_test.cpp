#include "burst/worker.hpp"

#include "support/fake_connections.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace stresskit::burst {
namespace {

using namespace std::chrono_literals;
using metrics::Counters;
using metrics::DeviceState;
using support::Mono;

/// A worker on the test's own thread, with a fleet, a clock and a server that the test moves.
struct WorkerTest : testing::Test {
  test::ManualClock clock;
  std::vector<fleet::Device> devices;
  config::Burst settings;
  RunBoard board{1};
  std::optional<std::uint64_t> bursts = 5;
  std::optional<Plan> plan;
  std::uint32_t max_inflight = 10;
  std::size_t first_of_fleet = 0;
  std::optional<Mono::duration> stamps_from;
  test::FakeConnections* server = nullptr;
  std::unique_ptr<Worker> worker;

  void make(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      devices.push_back({fleet::device_name("sim", static_cast<std::uint32_t>(i + 1)), "token"});
    }
    settings.interval = 1s;
    settings.lead_time = 300ms;
    settings.ack_drain = 30s;
    settings.bursts = bursts;
    plan.emplace(settings, count);
    auto connections = std::make_unique<test::FakeConnections>(count, clock);
    server = connections.get();
    worker = std::make_unique<Worker>(
        Worker::Setup{.number = 0,
                      .devices = devices,
                      .connections = std::move(connections),
                      .dialer = mqtt::Dialer(static_cast<mqtt::Slot>(count), {}, clock.now()),
                      .burst = settings,
                      .plan = *plan,
                      .first = first_of_fleet,
                      .qos = 1,
                      .max_inflight = max_inflight,
                      .seed = 1,
                      .stamps_from = stamps_from},
        board, clock);
  }

  [[nodiscard]] const metrics::WorkerFigures& figures() { return worker->final_figures(); }
  [[nodiscard]] Counters totals() {
    Counters sum;
    for (const auto& device : figures().devices) {
      sum += device.counters;
    }
    return sum;
  }
};

TEST_F(WorkerTest, EveryDevicePublishesOnceABurstAtItsDueTime) {
  make(10);
  worker->run();
  const Mono::time_point first = board.first_due();
  for (const auto& times : server->published) {
    ASSERT_EQ(times.size(), 5U);
    for (std::size_t k = 0; k < 5; ++k) {
      const auto late = times[k] - (first + static_cast<std::int64_t>(k) * 1s);
      EXPECT_GE(late, 0s);
      EXPECT_LE(late, 10 * 10us);
    }
  }
  EXPECT_EQ(totals().planned(), 50U);
  EXPECT_EQ(totals().acknowledged(), 50U);
  EXPECT_TRUE(server->shut_down);
}

TEST_F(WorkerTest, TheFirstBurstIsTheLeadTimeAfterTheLastDeviceIsReady) {
  make(3);
  const auto started = clock.now();
  worker->run();
  EXPECT_GE(board.first_due(), started + server->connack + 300ms);
  EXPECT_LE(board.first_due(), started + server->connack + 300ms + 25ms);
}

TEST_F(WorkerTest, TheOrderOfDevicesRotates) {
  make(10);
  worker->run();
  std::vector<mqtt::Slot> last;
  for (std::size_t k = 0; k < 5; ++k) {
    last.push_back(server->order[k * 10 + 9]);
  }
  std::sort(last.begin(), last.end());
  EXPECT_EQ(std::unique(last.begin(), last.end()), last.end()) << "a device was last twice";
}

TEST_F(WorkerTest, ADeviceThatCannotConnectIsSkippedAndHoldsNobody) {
  make(4);
  server->refuses = [](mqtt::Slot slot) { return slot == 2; };
  worker->run();
  EXPECT_EQ(totals().planned(), 20U);
  EXPECT_EQ(totals().acknowledged(), 15U);
  EXPECT_EQ(figures().devices[2].counters.skipped(), 5U);
  EXPECT_EQ(figures().devices[2].state, DeviceState::failed);
  ASSERT_EQ(figures().failures.size(), 1U);
  EXPECT_EQ(figures().failures[0].count, 1U);
}

TEST_F(WorkerTest, NobodyConnectedMeansNothingIsPlanned) {
  make(3);
  server->refuses = [](mqtt::Slot) { return true; };
  worker->run();
  EXPECT_TRUE(board.nobody_connected());
  EXPECT_EQ(totals().planned(), 0U);
}

TEST_F(WorkerTest, AnUnansweredMessageDoesNotDelayTheNextUntilTheWindowIsFull) {
  bursts = 6;
  max_inflight = 4;
  make(2);
  settings.ack_drain = 1s;
  server->acknowledges = [](mqtt::Slot slot) { return slot == 0; };
  worker->run();
  EXPECT_EQ(figures().devices[0].counters.acknowledged(), 6U);
  EXPECT_EQ(figures().devices[1].counters.sent(), 4U);
  EXPECT_EQ(figures().devices[1].counters.skipped(), 2U);
  EXPECT_EQ(figures().devices[1].counters.unacknowledged(), 4U);
  EXPECT_EQ(figures().devices[1].counters.in_flight(), 0U);
  EXPECT_EQ(figures().failures[0].failure.bucket, fleet::Bucket::client_backpressure);
}

TEST_F(WorkerTest, WhatIsOpenWhenTheConnectionEndsIsLostAndTheDeviceComesBack) {
  make(2);
  server->puback = 400ms;
  server->at(clock.now(), [this](mqtt::Events&) {});
  const auto cut_at = clock.now() + server->connack + 300ms + 100ms;  // burst 0 is in flight
  server->cut(1, cut_at);
  worker->run();
  EXPECT_EQ(figures().devices[1].counters.lost(), 1U);
  EXPECT_EQ(figures().devices[1].state, DeviceState::connected);
  EXPECT_EQ(figures().reconnects, 1U);
  EXPECT_EQ(totals().planned(), 10U);
  EXPECT_EQ(totals().sent(), totals().acknowledged() + totals().lost());
}

TEST_F(WorkerTest, ABurstThatComesTooLateIsMissedAndNotSqueezedIn) {
  make(2);
  // The whole process sleeps from shortly after burst 0 until 2.7 s: bursts 1 and 2 are missed.
  const auto first = clock.now() + server->connack + 300ms;
  server->at(first + 200ms, [this](mqtt::Events&) { clock.advance(2'600ms); });
  worker->run();
  EXPECT_EQ(totals().planned(), 10U);
  EXPECT_EQ(totals().skipped(), 4U);
  EXPECT_EQ(totals().acknowledged(), 6U);
  std::uint64_t missed = 0;
  for (const auto& tally : figures().bursts) {
    missed += tally.missed ? 1U : 0U;
  }
  EXPECT_EQ(missed, 2U);
  // Burst 3 keeps its own due time.
  EXPECT_GE(server->published[0][1], board.first_due() + 3s);
  EXPECT_LE(server->published[0][1], board.first_due() + 3s + 1ms);
}

TEST_F(WorkerTest, AMissedBurstIsNoReasonWhyADeviceIsNotThere) {
  make(2);
  server->refuses = [](mqtt::Slot slot) { return slot == 1; };
  const auto first = clock.now() + server->connack + 300ms;
  server->at(first + 200ms, [this](mqtt::Events&) { clock.advance(1'600ms); });
  worker->run();
  EXPECT_EQ(figures().devices[0].counters.skipped(), 1U);
  EXPECT_EQ(figures().devices[1].counters.skipped(), 5U);
  const auto bucket_of = [&](std::size_t slot) {
    return figures().failures[figures().devices[slot].failure_row].failure.bucket;
  };
  EXPECT_EQ(bucket_of(0), fleet::Bucket::client);
  EXPECT_NE(bucket_of(1), fleet::Bucket::client);
}

TEST_F(WorkerTest, OnlyTheDevicesOfAStageTakePartInItsBursts) {
  bursts = std::nullopt;
  settings.stages = {{2, 2s}, {5, 1s}, {1, 1s}};
  make(5);
  worker->run();
  EXPECT_EQ(totals().planned(), 2U + 2U + 5U + 1U);
  EXPECT_EQ(totals().acknowledged(), 10U);
  EXPECT_EQ(server->published[0].size(), 4U);
  EXPECT_EQ(server->published[1].size(), 3U);
  EXPECT_EQ(server->published[4].size(), 1U);
}

// Its devices begin at index 3 of a fleet of which the first stage takes four.
TEST_F(WorkerTest, AStageEndsInTheMiddleOfAWorkersShare) {
  bursts = std::nullopt;
  first_of_fleet = 3;
  settings.stages = {{4, 1s}, {2, 1s}, {6, 1s}};
  make(3);
  worker->run();
  EXPECT_EQ(server->published[0].size(), 2U);
  EXPECT_EQ(server->published[2].size(), 1U);
  EXPECT_EQ(totals().planned(), 4U);
}

TEST_F(WorkerTest, EveryMessagesOutcomeIsTold) {
  bursts = 1;
  make(2);
  server->acknowledges = [](mqtt::Slot slot) { return slot == 0; };
  worker->run();
  ASSERT_EQ(figures().bursts.size(), 1U);
  const std::vector expected{metrics::Outcome::acknowledged, metrics::Outcome::unacknowledged};
  EXPECT_EQ(figures().bursts[0].outcomes, expected);
}

TEST_F(WorkerTest, AStopFinishesTheBurstInHandAndWaitsForItsAcknowledgements) {
  bursts = std::nullopt;
  make(3);
  const auto first = clock.now() + server->connack + 300ms;
  server->puback = 700ms;
  server->at(first + 1s + 300ms, [this](mqtt::Events&) { board.request_stop(clock.now()); });
  worker->run();
  EXPECT_EQ(totals().planned(), 6U);
  EXPECT_EQ(totals().acknowledged(), 6U);
}

TEST_F(WorkerTest, AStopWaitsTwoSecondsForAcknowledgementsAtMost) {
  bursts = std::nullopt;
  make(1);
  server->acknowledges = [](mqtt::Slot) { return false; };
  const auto stop_at = clock.now() + server->connack + 300ms + 500ms;
  server->at(stop_at, [this](mqtt::Events&) { board.request_stop(clock.now()); });
  worker->run();
  EXPECT_EQ(totals().unacknowledged(), 1U);
  EXPECT_GE(clock.now(), stop_at + 2s);
  EXPECT_LE(clock.now(), stop_at + 2s + 50ms);
}

TEST_F(WorkerTest, AStopWhileConnectingPlansNothing) {
  make(2);
  server->connack = 20s;
  server->at(clock.now() + 1s, [this](mqtt::Events&) { board.request_stop(clock.now()); });
  worker->run();
  EXPECT_EQ(totals().planned(), 0U);
  EXPECT_EQ(figures().devices[0].state, DeviceState::connecting);
}

TEST_F(WorkerTest, TheCollectorIsAnsweredWhileTheRunGoesOn) {
  make(2);
  worker->mailbox().ask();
  worker->run();
  std::size_t devices_seen = 0;
  EXPECT_TRUE(worker->mailbox().take(
      [&](metrics::WorkerFigures& taken) { devices_seen = taken.devices.size(); }));
  EXPECT_EQ(devices_seen, 2U);
}

// A publish that meets a dead connection and the end of that connection are one event.
TEST_F(WorkerTest, ADeadConnectionThatAPublishMeetsIsCountedOnce) {
  make(1);
  server->breaks_on_publish = 2;
  worker->run();
  ASSERT_EQ(figures().failures.size(), 1U);
  EXPECT_EQ(figures().failures[0].count, 1U);
  EXPECT_EQ(figures().failures[0].failure.stage, fleet::Stage::publish);
  EXPECT_EQ(totals().failed(), 1U);
  EXPECT_EQ(totals().planned(), 5U);
}

// The truth is told: devices that are written 30 ms apart are reported to spread over 300 ms.
TEST_F(WorkerTest, AnImposedSpreadIsTheSpreadReported) {
  bursts = 3;
  make(11);
  server->write = 30ms;
  worker->run();
  for (const auto& tally : figures().bursts) {
    EXPECT_EQ(*tally.last_write - *tally.first_write, 300ms);
  }
}

TEST_F(WorkerTest, MessagesAreSealedShortlyBeforeTheyAreDue) {
  make(10);
  server->tls = true;
  server->refuses = [](mqtt::Slot slot) { return slot == 3; };
  worker->run();
  ASSERT_EQ(server->sealed.size(), 9U * *bursts);
  for (std::size_t i = 0; i < server->sealed.size(); ++i) {
    const auto& [slot, at] = server->sealed[i];
    EXPECT_NE(slot, 3U) << "a device that is not connected";
    const auto due = board.first_due() + static_cast<std::int64_t>(i / 9) * 1s;
    EXPECT_LT(at, due);
    EXPECT_GT(at, due - 3ms);
  }
  EXPECT_EQ(totals().acknowledged(), 9U * *bursts);
}

TEST_F(WorkerTest, SealingThatTakesTooLongDoesNotDelayTheBurst) {
  make(10);
  server->tls = true;
  server->sealing = 1ms;
  worker->run();
  EXPECT_LT(server->sealed.size(), 10U * *bursts);
  for (std::size_t k = 0; k < bursts; ++k) {
    EXPECT_LE(server->published[0][k], board.first_due() + static_cast<std::int64_t>(k) * 1s + 1ms);
  }
  EXPECT_EQ(totals().acknowledged(), 10U * *bursts);
}

TEST_F(WorkerTest, NothingIsSealedForAFullWindow) {
  max_inflight = 2;
  make(1);
  server->tls = true;
  server->acknowledges = [](mqtt::Slot) { return false; };
  worker->run();
  EXPECT_EQ(server->sealed.size(), 2U);
  EXPECT_EQ(totals().skipped(), *bursts - 2);
}

// A sealed message cannot be taken back.
TEST_F(WorkerTest, AStopAfterSealingCarriesTheBurstOut) {
  make(2);
  server->tls = true;
  const auto first = clock.now() + server->connack + 300ms;
  server->at(first + 2s - 500us, [this](mqtt::Events&) { board.request_stop(clock.now()); });
  worker->run();
  EXPECT_EQ(totals().planned(), 6U);
  EXPECT_EQ(server->sealed.size(), totals().sent());
}

// The payload of the missed burst goes out with the next one, and its size is what counts.
TEST_F(WorkerTest, AMissedBurstLeavesItsSealedMessagesToTheNext) {
  bursts = 3;
  make(1);
  server->tls = true;
  const auto first = clock.now() + server->connack + 300ms;
  std::string sealed;
  server->at(first + 1s - 500us, [&](mqtt::Events&) {
    sealed = server->payloads[0];
    clock.advance(800ms);
  });
  worker->run();
  EXPECT_EQ(totals().skipped(), 1U);
  EXPECT_EQ(totals().acknowledged(), 2U);
  EXPECT_EQ(server->sealed.size(), 3U) << "the last one was sealed already";
  EXPECT_EQ(server->payloads[0], sealed);
}

TEST_F(WorkerTest, AStampedMessageCarriesTheDueTimeAndNumberOfItsBurst) {
  stamps_from = 1'000h;
  bursts = 3;
  make(2);
  worker->run();
  const auto json = nlohmann::json::parse(server->payloads[1]);
  const auto due = board.first_due().time_since_epoch() + 2s + 1'000h;
  EXPECT_EQ(json["ts"], std::chrono::round<std::chrono::milliseconds>(due).count());
  EXPECT_EQ(json["values"]["seq"], 2);
}

TEST_F(WorkerTest, AStampedMessageOfAMissedBurstIsMadeAnew) {
  stamps_from = 0h;
  bursts = 3;
  make(1);
  const auto first = clock.now() + server->connack + 300ms;
  std::string before;
  server->at(first + 1s - 500us, [&](mqtt::Events&) {
    before = server->payloads[0];
    clock.advance(800ms);
  });
  worker->run();
  EXPECT_EQ(totals().skipped(), 1U);
  EXPECT_EQ(nlohmann::json::parse(before)["values"]["seq"], 1);
  EXPECT_EQ(nlohmann::json::parse(server->payloads[0])["values"]["seq"], 2);
}

TEST_F(WorkerTest, StampedMessagesGetTheTimeToBePreparedWhateverTheLeadTime) {
  stamps_from = 0h;
  make(100);
  settings.lead_time = 0s;
  const auto connected = clock.now() + server->connack;
  worker->run();
  EXPECT_GE(board.first_due(), connected + 1ms);
}

TEST_F(WorkerTest, ThePayloadNamesItsDevice) {
  make(2);
  worker->run();
  EXPECT_NE(server->payloads[1].find("\"device\": \"sim-002\""), std::string::npos);
}

}  // namespace
}  // namespace stresskit::burst
