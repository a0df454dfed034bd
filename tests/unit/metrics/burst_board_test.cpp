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

BurstBoard board_of(std::size_t workers, Mono::duration interval, std::uint64_t warmup = 0,
                    std::vector<Stage> stages = {{1, 0}}) {
  return BurstBoard({workers, interval, warmup, std::move(stages)});
}

/// What a snapshot says about bursts, news taken.
Snapshot filled(BurstBoard& board, Mono::time_point now = start + 1h) {
  News news;
  board.take_news(news, seconds);
  Snapshot snapshot;
  board.fill(snapshot, now);
  return snapshot;
}

TEST(BurstBoard, ReleaseIsTheFirstByteOfTheSlowestWorkerAndSpreadSpansAll) {
  BurstBoard board = board_of(2, 1s);
  board.absorb(0, {tally(0, 1ms, 5ms, 1, 0)}, {}, start);
  board.absorb(1, {tally(0, 3ms, 9ms, 1, 0)}, {}, start);
  const auto rows = board.rows(seconds);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_DOUBLE_EQ(*rows[0].release_lateness_ms, 3);
  EXPECT_DOUBLE_EQ(*rows[0].spread_ms, 8);
  EXPECT_DOUBLE_EQ(rows[0].due, 1000);
}

TEST(BurstBoard, SamplesOfWorkersAreMergedNotAveraged) {
  BurstBoard board = board_of(2, 1s);
  board.absorb(0, {tally(0, 0ms, 1ms, 2, 2)}, {{0, 1'000, 900}, {0, 2'000, 1'900}}, start);
  board.absorb(1, {tally(0, 0ms, 1ms, 2, 2)}, {{0, 3'000, 2'900}, {0, 9'000, 8'900}}, start);
  const auto rows = board.rows(seconds);
  EXPECT_DOUBLE_EQ(rows[0].from_due_ms->p50, 2);
  EXPECT_DOUBLE_EQ(rows[0].from_due_ms->p99, 9);
  EXPECT_DOUBLE_EQ(rows[0].from_write_ms->max, 8.9);
  EXPECT_EQ(filled(board).ack_from_due.count, 4U);
}

TEST(BurstBoard, LateBeyondFivePercentOfTheIntervalOrTwentyMilliseconds) {
  BurstBoard quick = board_of(1, 100ms);
  quick.absorb(0, {tally(0, 5ms, 5ms, 1, 1)}, {}, start);
  EXPECT_EQ(filled(quick).generator.late_bursts, 0U);
  quick.absorb(0, {tally(1, 6ms, 6ms, 1, 1)}, {}, start);
  EXPECT_EQ(filled(quick).generator.late_bursts, 1U);
  BurstBoard slow = board_of(1, 10s);
  slow.absorb(0, {tally(0, 21ms, 22ms, 1, 1)}, {}, start);
  EXPECT_EQ(filled(slow).generator.late_bursts, 1U);
  EXPECT_TRUE(slow.rows(seconds)[0].late);
}

TEST(BurstBoard, SlowWhenWritingLastsLongerThanAQuarterOfTheInterval) {
  BurstBoard board = board_of(1, 1s);
  board.absorb(0, {tally(0, 0ms, 250ms, 1, 1), tally(1, 0ms, 251ms, 1, 1)}, {}, start);
  EXPECT_EQ(filled(board).generator.slow_bursts, 1U);
  EXPECT_TRUE(board.rows(seconds)[1].slow);
}

TEST(BurstBoard, DrainTimeIsKnownOnlyWhenEverythingIsSettled) {
  BurstBoard board = board_of(1, 1s);
  board.absorb(0, {tally(0, 0ms, 1ms, 2, 1)}, {{0, 1'000, 900}}, start);
  EXPECT_FALSE(board.rows(seconds)[0].ack_drain_ms);
  auto done = tally(0, 0ms, 1ms, 2, 2);
  done.last_acknowledged = done.due + 40ms;
  board.absorb(0, {done}, {{0, 40'000, 39'000}}, start);
  EXPECT_DOUBLE_EQ(*board.rows(seconds)[0].ack_drain_ms, 40);
}

// A burst is marked when it is written: a server that never answers does not hide a late release.
TEST(BurstBoard, ABurstWithoutAcknowledgementsStillCountsAsLate) {
  BurstBoard board = board_of(1, 1s);
  board.absorb(0, {tally(0, 30ms, 31ms, 5, 0)}, {}, start);
  board.absorb(0, {tally(0, 30ms, 31ms, 5, 1)}, {{0, 50'000, 20'000}}, start);
  EXPECT_EQ(filled(board).generator.late_bursts, 1U);
  EXPECT_EQ(filled(board).spread.count, 1U);
}

TEST(BurstBoard, KeepsTheLastHundredAndTwentyRowsAndTheTotalsOfAll) {
  BurstBoard board = board_of(1, 1s);
  for (std::uint64_t k = 0; k < 200; ++k) {
    board.absorb(0, {tally(k, 0ms, 1ms, 3, 3)}, {}, start);
  }
  const auto rows = board.rows(seconds);
  ASSERT_EQ(rows.size(), BurstBoard::rows_kept);
  EXPECT_EQ(rows.front().k, 80U);
  EXPECT_EQ(rows.back().k, 199U);
  EXPECT_EQ(board.totals().acknowledged(), 600U);
  EXPECT_EQ(filled(board).bursts_due, 200U);
}

// Totals hold everything; what is judged and measured begins after the warm-up.
TEST(BurstBoard, WarmupBurstsCountInTheTotalsOnly) {
  BurstBoard board = board_of(1, 1s, 1);
  board.absorb(0, {tally(0, 30ms, 900ms, 2, 2), tally(1, 0ms, 1ms, 2, 2)},
               {{0, 900'000, 900'000}, {0, 900'000, 900'000}, {1, 5'000, 4'000}, {1, 5'000, 4'000}},
               start);
  const Snapshot s = filled(board);
  EXPECT_EQ(board.totals().acknowledged(), 4U);
  EXPECT_EQ(s.measured.acknowledged(), 2U);
  EXPECT_EQ(s.ack_from_due.count, 2U);
  EXPECT_LT(s.ack_from_due.max, 6);
  EXPECT_EQ(s.spread.count, 1U);
  EXPECT_EQ(s.generator.late_bursts, 0U);
  EXPECT_TRUE(board.rows(seconds)[0].warmup);
  EXPECT_TRUE(board.rows(seconds)[0].late) << "the mark stays";
  EXPECT_FALSE(board.rows(seconds)[1].warmup);
}

TEST(BurstBoard, StagesAreCountedApart) {
  BurstBoard board = board_of(1, 1s, 0, {{1, 0}, {3, 2}});
  board.absorb(0, {tally(0, 0ms, 1ms, 1, 1), tally(1, 0ms, 1ms, 1, 1), tally(2, 0ms, 8ms, 3, 2)},
               {{0, 1'000, 900}, {1, 1'000, 900}, {2, 7'000, 6'000}, {2, 9'000, 8'000}}, start);
  const auto stages = filled(board).stages;
  ASSERT_EQ(stages.size(), 2U);
  EXPECT_EQ(stages[0].bursts_due, 2U);
  EXPECT_EQ(stages[0].totals.acknowledged(), 2U);
  EXPECT_EQ(stages[1].bursts_due, 1U);
  EXPECT_EQ(stages[1].totals.in_flight(), 1U) << "an open burst counts";
  EXPECT_EQ(stages[1].ack_from_due.count, 2U);
  EXPECT_DOUBLE_EQ(stages[0].spread.max, 1);
  EXPECT_EQ(board.rows(seconds)[2].stage, 1U);
}

TEST(BurstBoard, MessagesStillOpenCountWithTheirAge) {
  BurstBoard board = board_of(1, 1s);
  board.absorb(0, {tally(0, 0ms, 1ms, 3, 1)}, {{0, 5'000, 4'000}}, start + 1s);
  const Snapshot s = filled(board, start + 7s);
  EXPECT_EQ(s.ack_from_due.count, 1U);
  EXPECT_EQ(s.ack_from_due_with_open.count, 3U);
  EXPECT_NEAR(s.ack_from_due_with_open.max, 7'000, 10);
  auto given_up = tally(0, 0ms, 1ms, 3, 1);
  given_up.counters.give_up();
  given_up.counters.give_up();
  board.absorb(0, {given_up}, {}, start + 9s);
  EXPECT_NEAR(filled(board, start + 1h).ack_from_due_with_open.max, 9'000, 10)
      << "the age when the run ended";
}

TEST(BurstBoard, TheServerIsBehindWhenAcknowledgementsComeAfterTheNextDueTime) {
  BurstBoard board = board_of(1, 1s);
  auto in_time = tally(0, 0ms, 1ms, 1, 1);
  in_time.last_acknowledged = in_time.due + 1s;
  auto behind = tally(1, 0ms, 1ms, 1, 1);
  behind.last_acknowledged = behind.due + 1'001ms;
  board.absorb(0, {in_time, behind, tally(2, 0ms, 1ms, 1, 0)}, {}, start + 2s);
  EXPECT_EQ(filled(board, start + 3s).behind_bursts, 1U)
      << "burst 2 has time until its next due time";
  EXPECT_EQ(filled(board, start + 3'001ms).behind_bursts, 2U);
  EXPECT_EQ(filled(board, start + 3'001ms).behind_from, 1U);
}

TEST(BurstBoard, MessagesThatWereGivenUpAreUnansweredFromTheirBurstOn) {
  BurstBoard board = board_of(1, 60s);
  auto given_up = tally(1, 0ms, 1ms, 2, 1);
  board.absorb(0, {tally(0, 0ms, 1ms, 1, 1), given_up}, {}, start + 2s);
  EXPECT_FALSE(filled(board, start + 5s).unanswered_from) << "it may still be answered";
  given_up.counters.give_up();
  board.absorb(0, {given_up}, {}, start + 5s);
  const Snapshot s = filled(board, start + 5s);
  EXPECT_EQ(s.unanswered_from, 1U);
  EXPECT_FALSE(s.behind_from) << "the run ended before the next burst was due";
}

TEST(BurstBoard, RefusedFromTheFirstBurstThatLostOrMissedADevice) {
  BurstBoard board = board_of(1, 1s);
  auto skipped = tally(1, 0ms, 1ms, 1, 1);
  skipped.counters.skip();  // back-pressure: nobody was refused
  auto lost = tally(2, 0ms, 1ms, 2, 1);
  lost.counters.lose();
  board.absorb(0, {tally(0, 0ms, 1ms, 1, 1), skipped}, {}, start);
  EXPECT_FALSE(filled(board).refused_from);
  auto unconnected = tally(3, 0ms, 1ms, 1, 1);
  unconnected.counters.skip();
  unconnected.not_connected = 1;
  board.absorb(0, {unconnected}, {}, start);
  EXPECT_EQ(filled(board).refused_from, 3U);
  board.absorb(0, {lost}, {}, start);
  EXPECT_EQ(filled(board).refused_from, 2U);
}

// A server that leaves one message of burst 0 unanswered for ever must not cost memory for ever.
TEST(BurstBoard, ABurstThatStaysOpenKeepsItsLatenciesInShort) {
  BurstBoard board = board_of(1, 1s);
  board.absorb(0, {tally(0, 0ms, 1ms, 3, 2)}, {{0, 1'000, 900}, {0, 2'000, 1'900}}, start);
  for (std::uint64_t k = 1; k < BurstBoard::rows_kept; ++k) {
    board.absorb(0, {tally(k, 0ms, 1ms, 1, 1)}, {}, start);
  }
  const auto first = [&] { return board.rows(seconds).front(); };
  ASSERT_EQ(first().k, 0U);
  EXPECT_DOUBLE_EQ(first().from_due_ms->p99, 2);
  News news;
  for (std::uint64_t k = 120; k < 125; ++k) {
    board.absorb(0, {tally(k, 0ms, 1ms, 1, 1)}, {}, start);
  }
  board.take_news(news, seconds);
  board.absorb(0, {tally(0, 0ms, 1ms, 3, 3)}, {{0, 9'000'000, 9'000'000}}, start);
  News last;
  board.take_news(last, seconds);
  ASSERT_EQ(last.bursts.size(), 1U);
  EXPECT_DOUBLE_EQ(last.bursts[0].from_due_ms->p99, 2) << "of those that came in time";
  EXPECT_DOUBLE_EQ(last.bursts[0].from_due_ms->max, 9'000);
}

TEST(BurstBoard, NewsIsToldOnceWhenWrittenAndOnceWhenSettled) {
  BurstBoard board = board_of(2, 1s);
  const auto news = [&] {
    News taken;
    board.take_news(taken, seconds);
    return taken;
  };
  board.absorb(0, {tally(0, 0ms, 1ms, 1, 0)}, {}, start);
  EXPECT_TRUE(news().bursts.empty()) << "the other worker has not written yet";
  board.absorb(1, {tally(0, 0ms, 1ms, 1, 0)}, {}, start);
  EXPECT_EQ(news().bursts.size(), 1U);
  auto one = tally(0, 0ms, 1ms, 1, 1);
  one.outcomes = {Outcome::acknowledged, Outcome::not_sent};
  auto two = tally(0, 0ms, 1ms, 1, 0);
  two.counters.lose();
  two.outcomes = {Outcome::lost};
  board.absorb(0, {one}, {{0, 5'000, 4'000}}, start);
  board.absorb(1, {two}, {}, start);
  const News last = news();
  ASSERT_EQ(last.bursts.size(), 1U);
  EXPECT_EQ(last.bursts[0].counters.acknowledged(), 1U);
  ASSERT_EQ(last.outcomes.size(), 1U);
  const std::vector fleet{Outcome::acknowledged, Outcome::not_sent, Outcome::lost};
  EXPECT_EQ(last.outcomes[0].outcomes, fleet) << "one worker's devices after the other's";
  EXPECT_EQ(last.histograms.at({Metric::ack_from_due}).count(), 1U);
  EXPECT_TRUE(news().histograms.empty());
}

}  // namespace
}  // namespace stresskit::metrics
