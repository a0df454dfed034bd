#include "stresskit/metrics/verdict.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stresskit::metrics {
namespace {

using testing::HasSubstr;

/// Ten bursts of ten devices, all acknowledged.
Snapshot good_run() {
  Snapshot s;
  s.bursts_due = 10;
  s.device_count = 10;
  s.connected = 10;
  for (int i = 0; i < 100; ++i) {
    s.totals.send();
    s.totals.acknowledge();
  }
  s.ack_from_due.count = 100;
  s.ack_from_due.p99 = 12.5;
  return s;
}

TEST(Verdict, AServerThatAcknowledgedEverythingInTimeKeptUp) {
  const Verdict v = verdict(good_run());
  EXPECT_EQ(v.kind, VerdictKind::kept_up);
  EXPECT_EQ(v.sentence,
            "the server kept up: 100 of 100 messages acknowledged, p99 12.5 ms after "
            "they were due");
}

TEST(Verdict, FellBehindNamesTheFirstBurst) {
  Snapshot s = good_run();
  s.behind_from = 4;
  s.behind_bursts = 6;
  EXPECT_EQ(verdict(s).kind, VerdictKind::behind);
  EXPECT_THAT(verdict(s).sentence, HasSubstr("from burst 4 on: in 6 of 10 bursts"));
}

// A silent server on a living connection refuses nothing and is late with nothing, and yet it did
// not keep up; nor did we wait for it long enough to say that it is behind.
TEST(Verdict, AServerThatAnswersNothingDidNotKeepUp) {
  Snapshot s;
  s.bursts_due = 1;
  s.started_at = 1'000;
  s.elapsed_s = 35;
  s.interval_sec = 60;
  BurstRow row;
  row.due = 1'003;
  row.counters.send();
  row.counters.give_up();
  s.bursts = {row};
  s.totals = row.counters;
  s.unanswered_from = 0;
  EXPECT_EQ(verdict(s).kind, VerdictKind::unanswered);
  EXPECT_EQ(verdict(s).sentence,
            "the server left messages unanswered: 1 of 1, the last of them due 32 s before the "
            "run ended");
  s.behind_from = 0;
  EXPECT_EQ(verdict(s).kind, VerdictKind::behind);
  EXPECT_THAT(verdict(s).sentence, HasSubstr("; never answered: 1 of 1, "));
}

TEST(Verdict, RefusedNamesTheBurstAndTheCause) {
  Snapshot s = good_run();
  s.behind_from = 4;
  s.refused_from = 7;
  s.failures = {{{fleet::Stage::connect, fleet::Bucket::auth, "CONNACK 5", {}}, 3}};
  EXPECT_EQ(verdict(s).kind, VerdictKind::refused);
  EXPECT_THAT(verdict(s).sentence, HasSubstr("from burst 7 on"));
  EXPECT_THAT(verdict(s).sentence, HasSubstr("mostly connect auth (CONNACK 5)"));
}

TEST(Verdict, ACollapseSaysMoreThanARefusal) {
  Snapshot s = good_run();
  s.refused_from = 7;
  s.collapses = {{12.34, std::nullopt}};
  EXPECT_EQ(verdict(s).kind, VerdictKind::collapsed);
  EXPECT_THAT(verdict(s).sentence, HasSubstr("12.3 s after the first burst and did not come back"));
  s.collapses = {{12.34, 20.0}, {30.0, 31.0}};
  EXPECT_THAT(verdict(s).sentence, HasSubstr("was back at 20.0 s (2 collapses in all)"));
}

// Whatever the server did: a generator that was late may not blame it.
TEST(Verdict, ALateGeneratorIsNamedBeforeAnythingElse) {
  Snapshot s = good_run();
  s.collapses = {{12.34, std::nullopt}};
  s.generator.missed_bursts = 3;
  s.generator.was_bottleneck = true;
  EXPECT_EQ(verdict(s).kind, VerdictKind::generator);
  EXPECT_THAT(verdict(s).sentence, HasSubstr("says nothing about the server"));
  EXPECT_THAT(verdict(s).sentence, HasSubstr("missed 3 of 10 bursts"));
}

TEST(Verdict, ALedgerThatDoesNotAddUpMakesEverythingWorthless) {
  Snapshot s = good_run();
  s.balanced = false;
  EXPECT_THAT(verdict(s).sentence, HasSubstr("does not add up"));
}

TEST(Verdict, WithoutABurstThereIsNothingToSay) {
  Snapshot s;
  s.failures = {{{fleet::Stage::connect, fleet::Bucket::network, "Connection refused", {}}, 3}};
  EXPECT_EQ(verdict(s).kind, VerdictKind::nothing);
  EXPECT_THAT(verdict(s).sentence, HasSubstr("Connection refused"));
}

TEST(Verdict, QosZeroPromisesNothingAboutArrival) {
  Snapshot s = good_run();
  s.qos = 0;
  EXPECT_THAT(verdict(s).sentence, HasSubstr("QoS 0 says nothing about what arrived"));
}

TEST(WasBottleneck, MoreThanOnePercentOfTheBursts) {
  GeneratorHealth health;
  health.late_bursts = 1;
  EXPECT_FALSE(was_bottleneck(health, 100));
  EXPECT_TRUE(was_bottleneck(health, 99));
}

TEST(WasBottleneck, ASingleHiccupOfAShortRunIsNoBottleneck) {
  GeneratorHealth health;
  health.loop_lag_ms_p99 = 26;
  health.loop_lags = 99;
  EXPECT_FALSE(was_bottleneck(health, 14));
  health.loop_lags = 100;
  EXPECT_TRUE(was_bottleneck(health, 14));
}

TEST(Verdict, MessagesThatWereAcknowledgedAndNotStoredComeFirst) {
  Snapshot s = good_run();
  s.storage.state = Storage::State::complete;
  s.storage.acknowledged = 60;
  s.storage.missing_acknowledged = 3;
  s.storage.hint = "why";
  const Verdict v = verdict(s);
  EXPECT_EQ(v.kind, VerdictKind::not_stored);
  EXPECT_EQ(v.sentence.find("the server never stored 3 of the 60 messages that it had acknowledged "
                            "(why); the server kept up"),
            0U);
}

TEST(Verdict, WhatIsNotStoredIsSaidThoughTheGeneratorWasLate) {
  Snapshot s = good_run();
  s.generator.was_bottleneck = true;
  s.storage.acknowledged = 60;
  s.storage.missing_acknowledged = 3;
  EXPECT_EQ(verdict(s).kind, VerdictKind::not_stored);
  EXPECT_THAT(verdict(s).sentence, HasSubstr("of its speed this run says nothing"));
}

TEST(Verdict, EverythingStoredIsSaid) {
  Snapshot s = good_run();
  s.storage.state = Storage::State::complete;
  s.storage.stored = 60;
  EXPECT_EQ(verdict(s).kind, VerdictKind::kept_up);
  EXPECT_THAT(verdict(s).sentence, HasSubstr("everything that was acknowledged is stored"));
  s.storage.unverified = 5;  // of devices that were deleted meanwhile
  EXPECT_THAT(verdict(s).sentence, HasSubstr("everything that could be counted is stored"));
}

TEST(Verdict, AStoreThatFallsBehindIsNamedThoughAcknowledgementsKeptUp) {
  Snapshot s = good_run();
  s.interval_sec = 1;
  s.freshness.devices = 5;
  s.freshness.stored_k = 17;
  s.freshness.drain_s = 8.2;
  s.freshness.growth_s_a_burst = 0.4;
  const Verdict v = verdict(s);
  EXPECT_EQ(v.kind, VerdictKind::behind);
  EXPECT_NE(v.sentence.find("burst 17 after 8.2 s, its backlog grows by 400 ms a burst"),
            std::string::npos);
  s.freshness.drain_s = 2;
  EXPECT_EQ(verdict(s).kind, VerdictKind::kept_up);
}

}  // namespace
}  // namespace stresskit::metrics
