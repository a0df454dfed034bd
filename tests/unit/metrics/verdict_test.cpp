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

}  // namespace
}  // namespace stresskit::metrics
