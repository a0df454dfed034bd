#include "stresskit/metrics/burst_board.hpp"

#include "stresskit/support/clock.hpp"

#include <gtest/gtest.h>

namespace stresskit::metrics {
namespace {

using namespace std::chrono_literals;

constexpr Mono::time_point start{1000s};

double seconds(Mono::time_point at) {
  return std::chrono::duration<double>(at.time_since_epoch()).count();
}

BurstTally tally(std::uint64_t k, Mono::duration first, Mono::duration last, int sent, int acked) {
  BurstTally t;
  t.k = k;
  t.due = start + k * 1s;
  t.first_write = t.due + first;
  t.last_write = t.due + last;
  for (int i = 0; i < sent; ++i) {
    t.counters.send();
  }
  for (int i = 0; i < acked; ++i) {
    t.counters.acknowledge();
  }
  return t;
}

TEST(BurstBoard, ReleaseIsTheFirstByteOfTheSlowestWorkerAndSpreadSpansAll) {
  BurstBoard board(2, 1s);
  board.absorb(0, {tally(0, 1ms, 5ms, 1, 0)}, {});
  board.absorb(1, {tally(0, 3ms, 9ms, 1, 0)}, {});
  const auto rows = board.rows(seconds);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_DOUBLE_EQ(*rows[0].release_lateness_ms, 3);
  EXPECT_DOUBLE_EQ(*rows[0].spread_ms, 8);
  EXPECT_DOUBLE_EQ(rows[0].due, 1000);
}

TEST(BurstBoard, SamplesOfWorkersAreMergedNotAveraged) {
  BurstBoard board(2, 1s);
  board.absorb(0, {tally(0, 0ms, 1ms, 2, 2)}, {{0, 1'000, 900}, {0, 2'000, 1'900}});
  board.absorb(1, {tally(0, 0ms, 1ms, 2, 2)}, {{0, 3'000, 2'900}, {0, 9'000, 8'900}});
  const auto rows = board.rows(seconds);
  EXPECT_DOUBLE_EQ(rows[0].from_due_ms->p50, 2);
  EXPECT_DOUBLE_EQ(rows[0].from_due_ms->p99, 9);
  EXPECT_DOUBLE_EQ(rows[0].from_write_ms->max, 8.9);
  EXPECT_EQ(board.ack_from_due().count(), 4U);
}

TEST(BurstBoard, LateBeyondFivePercentOfTheIntervalOrTwentyMilliseconds) {
  BurstBoard quick(1, 100ms);
  quick.absorb(0, {tally(0, 5ms, 5ms, 1, 1)}, {});
  EXPECT_EQ(quick.late(), 0U);
  quick.absorb(0, {tally(1, 6ms, 6ms, 1, 1)}, {});
  EXPECT_EQ(quick.late(), 1U);
  BurstBoard slow(1, 10s);
  slow.absorb(0, {tally(0, 21ms, 22ms, 1, 1)}, {});
  EXPECT_EQ(slow.late(), 1U);
  EXPECT_TRUE(slow.rows(seconds)[0].late);
}

TEST(BurstBoard, SlowWhenWritingLastsLongerThanAQuarterOfTheInterval) {
  BurstBoard board(1, 1s);
  board.absorb(0, {tally(0, 0ms, 250ms, 1, 1), tally(1, 0ms, 251ms, 1, 1)}, {});
  EXPECT_EQ(board.slow(), 1U);
  EXPECT_TRUE(board.rows(seconds)[1].slow);
}

TEST(BurstBoard, DrainTimeIsKnownOnlyWhenEverythingIsSettled) {
  BurstBoard board(1, 1s);
  board.absorb(0, {tally(0, 0ms, 1ms, 2, 1)}, {{0, 1'000, 900}});
  EXPECT_FALSE(board.rows(seconds)[0].ack_drain_ms);
  auto done = tally(0, 0ms, 1ms, 2, 2);
  done.last_acknowledged = done.due + 40ms;
  board.absorb(0, {done}, {{0, 40'000, 39'000}});
  EXPECT_DOUBLE_EQ(*board.rows(seconds)[0].ack_drain_ms, 40);
}

// A burst is marked when it is written: a server that never answers does not hide a late release.
TEST(BurstBoard, ABurstWithoutAcknowledgementsStillCountsAsLate) {
  BurstBoard board(1, 1s);
  board.absorb(0, {tally(0, 30ms, 31ms, 5, 0)}, {});
  board.absorb(0, {tally(0, 30ms, 31ms, 5, 1)}, {{0, 50'000, 20'000}});
  EXPECT_EQ(board.late(), 1U);
  EXPECT_EQ(board.spread().count(), 1U);
}

TEST(BurstBoard, KeepsTheLastHundredAndTwentyRowsAndTheTotalsOfAll) {
  BurstBoard board(1, 1s);
  for (std::uint64_t k = 0; k < 200; ++k) {
    board.absorb(0, {tally(k, 0ms, 1ms, 3, 3)}, {});
  }
  const auto rows = board.rows(seconds);
  ASSERT_EQ(rows.size(), BurstBoard::rows_kept);
  EXPECT_EQ(rows.front().k, 80U);
  EXPECT_EQ(rows.back().k, 199U);
  EXPECT_EQ(board.totals().acknowledged(), 600U);
  EXPECT_EQ(board.due_count(), 200U);
}

}  // namespace
}  // namespace stresskit::metrics
