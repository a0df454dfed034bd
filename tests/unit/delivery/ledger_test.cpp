#include "stresskit/delivery/ledger.hpp"

#include <gtest/gtest.h>

#include <random>

namespace stresskit::delivery {
namespace {

using namespace std::chrono_literals;
using metrics::Counters;
using metrics::WorkerFigures;

constexpr Mono::time_point start{1000s};
const fleet::Failure refused{fleet::Stage::publish, fleet::Bucket::network, "broken pipe", {}};

Counters of_devices(const WorkerFigures& figures) {
  Counters sum;
  for (const auto& device : figures.devices) {
    sum += device.counters;
  }
  return sum;
}

TEST(Ledger, AnAcknowledgementCountsFromDueAndFromWrite) {
  Ledger ledger(1, true);
  ledger.begin_burst(0, start);
  ledger.sent(0, 7, 100, start + 2ms);
  ledger.acknowledged(0, 7, start + 10ms);
  WorkerFigures figures;
  ledger.report(figures);
  ASSERT_EQ(figures.acks.size(), 1U);
  EXPECT_EQ(figures.acks[0].from_due_us, 10'000U);
  EXPECT_EQ(figures.acks[0].from_write_us, 8'000U);
  EXPECT_EQ(figures.bursts[0].last_acknowledged, start + 10ms);
  EXPECT_EQ(figures.payload_bytes, 100U);
}

TEST(Ledger, ASecondAcknowledgementOfTheSameMessageChangesNothing) {
  Ledger ledger(1, true);
  ledger.begin_burst(0, start);
  ledger.sent(0, 7, 1, start);
  ledger.acknowledged(0, 7, start);
  ledger.acknowledged(0, 7, start);
  ledger.acknowledged(0, 8, start);
  WorkerFigures figures;
  ledger.report(figures);
  EXPECT_EQ(figures.devices[0].counters.acknowledged(), 1U);
  EXPECT_EQ(figures.acks.size(), 1U);
}

TEST(Ledger, ALostConnectionLosesItsOpenMessagesAndFailsTheUnfinishedOne) {
  Ledger ledger(2, true);
  ledger.begin_burst(0, start);
  ledger.sent(0, 1, 1, start);
  ledger.sent(1, 1, 1, start);
  ledger.begin_burst(1, start + 1s);
  ledger.sent(0, 2, 1, start + 1s);
  ledger.connection_lost(0, 2);
  WorkerFigures figures;
  ledger.report(figures);
  EXPECT_EQ(figures.devices[0].counters.lost(), 1U);
  EXPECT_EQ(figures.devices[0].counters.failed(), 1U);
  EXPECT_EQ(figures.devices[0].counters.sent(), 1U);
  EXPECT_EQ(figures.devices[1].counters.in_flight(), 1U);
  EXPECT_EQ(ledger.in_flight(), 1U);
}

TEST(Ledger, WithQosZeroSentIsFinal) {
  Ledger ledger(1, false);
  ledger.begin_burst(0, start);
  ledger.sent(0, 0, 1, start);
  ledger.connection_lost(0, std::nullopt);
  WorkerFigures figures;
  ledger.report(figures);
  EXPECT_EQ(figures.devices[0].counters.sent(), 1U);
  EXPECT_EQ(figures.devices[0].counters.lost(), 0U);
  EXPECT_EQ(figures.devices[0].counters.in_flight(), 0U);
}

TEST(Ledger, NotConnectedIsSkippedWithoutANewFailure) {
  Ledger ledger(1, true);
  ledger.begin_burst(0, start);
  ledger.skip_not_connected(0);
  WorkerFigures figures;
  ledger.report(figures);
  EXPECT_EQ(figures.devices[0].counters.skipped(), 1U);
  EXPECT_TRUE(figures.failures.empty());
}

TEST(Ledger, ReportsEachAcknowledgementOnceAndOnlyTheBurstsThatChanged) {
  Ledger ledger(1, true);
  ledger.begin_burst(0, start);
  ledger.sent(0, 1, 1, start);
  WorkerFigures first;
  ledger.report(first);
  EXPECT_EQ(first.bursts.size(), 1U);
  WorkerFigures second;
  ledger.report(second);
  EXPECT_TRUE(second.bursts.empty());
  ledger.begin_burst(1, start + 1s);
  ledger.acknowledged(0, 1, start + 2s);
  WorkerFigures third;
  ledger.report(third);
  EXPECT_EQ(third.bursts.size(), 2U);
  EXPECT_EQ(third.acks.size(), 1U);
}

TEST(Ledger, CountsFailuresByStageBucketAndDetail) {
  Ledger ledger(2, true);
  ledger.begin_burst(0, start);
  ledger.fail(0, refused, start);
  ledger.fail(1, refused, start + 1ms);
  WorkerFigures figures;
  ledger.report(figures);
  ASSERT_EQ(figures.failures.size(), 1U);
  EXPECT_EQ(figures.failures[0].count, 2U);
  EXPECT_EQ(figures.devices[1].failure_row, 0U);
  EXPECT_EQ(figures.devices[1].failed_at, start + 1ms);
}

TEST(FailureTable, IsBoundedAndCountsTheRestAsOther) {
  FailureTable table;
  for (std::size_t i = 0; i < FailureTable::most_rows + 50; ++i) {
    table.count({fleet::Stage::connect, fleet::Bucket::network, std::to_string(i), {}});
  }
  ASSERT_EQ(table.rows().size(), FailureTable::most_rows + 1);
  EXPECT_EQ(table.rows().back().failure.detail, "other");
  EXPECT_EQ(table.rows().back().count, 50U);
}

// Any order of events: devices and bursts always tell the same story, and it adds up.
TEST(Ledger, DevicesAndBurstsAgreeAfterAnySequenceOfEvents) {
  constexpr std::uint32_t devices = 5;
  std::mt19937 random(11);
  for (int walk = 0; walk < 50; ++walk) {
    Ledger ledger(devices, true);
    std::map<std::uint64_t, metrics::SmallCounters> bursts;
    WorkerFigures figures;
    std::uint32_t next_id = 1;
    for (std::uint64_t k = 0; k < 40; ++k) {
      ledger.begin_burst(k, start + static_cast<std::int64_t>(k) * 1s);
      for (std::uint32_t slot = 0; slot < devices; ++slot) {
        switch (random() % 4) {
          case 0:
            ledger.skip_not_connected(slot);
            break;
          case 1:
            ledger.fail(slot, refused, start);
            break;
          default:
            ledger.sent(slot, next_id++, 1, start);
        }
      }
      for (int event = 0; event < 6; ++event) {
        const auto slot = static_cast<std::uint32_t>(random() % devices);
        const std::uint32_t id = next_id - 1 - static_cast<std::uint32_t>(random() % 8);
        switch (random() % 8) {
          case 0:
            ledger.connection_lost(slot, random() % 2 == 0 ? std::optional(id) : std::nullopt);
            break;
          case 1:
            ledger.rejected(slot, id, refused, start);
            break;
          default:
            ledger.acknowledged(slot, id, start);
        }
      }
      if (random() % 3 == 0) {
        ledger.report(figures);
      }
    }
    for (std::uint32_t slot = 0; slot < devices; ++slot) {
      ledger.give_up(slot, std::nullopt);
    }
    ledger.report(figures);
    Counters of_bursts;
    for (const auto& tally : figures.bursts) {
      bursts[tally.k] = tally.counters;
    }
    for (const auto& [k, counters] : bursts) {
      of_bursts += counters;
    }
    const Counters total = of_devices(figures);
    ASSERT_EQ(total, of_bursts) << "walk " << walk;
    ASSERT_EQ(total.planned(), 40U * devices);
    ASSERT_EQ(total.in_flight(), 0U);
    ASSERT_EQ(total.sent(), total.acknowledged() + total.lost() + total.unacknowledged());
    ASSERT_EQ(figures.acks.size(), total.acknowledged());
  }
}

}  // namespace
}  // namespace stresskit::delivery
