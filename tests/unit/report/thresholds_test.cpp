#include "stresskit/report/thresholds.hpp"

#include "report/threshold.hpp"

#include "stresskit/support/error.hpp"
#include "stresskit/support/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace stresskit::report {
namespace {

using metrics::Snapshot;
using metrics::ThresholdRow;
using State = ThresholdRow::State;
using testing::HasSubstr;
using testing::Not;

/// 1,000 messages: 998 acknowledged, 1 lost, 1 failed; every ladder filled.
Snapshot a_run() {
  Snapshot s;
  s.write_time = "written";
  s.device_count = 100;
  s.connected = 99;
  s.disconnected = 1;
  s.bursts_due = 10;
  for (int i = 0; i < 999; ++i) {
    s.measured.send();
    i == 0 ? s.measured.lose() : s.measured.acknowledge();
  }
  s.measured.fail();
  s.totals = s.measured;
  const metrics::Ladder ladder{999, 10, 20, 30, 40, 250.004, 300, 1500};
  for (auto* one :
       {&s.ack_from_due_with_open, &s.ack_from_write_with_open, &s.ack_drain, &s.spread,
        &s.release_lateness, &s.connect, &s.connect_tcp, &s.connect_tls, &s.connect_connack}) {
    *one = ladder;
  }
  s.freshness.age = ladder;
  s.storage.state = metrics::Storage::State::complete;
  s.storage.acknowledged = 998;
  s.storage.stored = 995;
  s.storage.missing_acknowledged = 4;
  s.storage.stored_unacknowledged = 1;
  metrics::BurstRow settled;
  settled.counters = s.measured;
  s.bursts = {settled};
  return s;
}

ThresholdRow judged(const std::string& text, const Snapshot& s = a_run()) {
  return Thresholds::parse({text}).judge(s).at(0);
}

State state(const std::string& text, const Snapshot& s = a_run()) {
  return judged(text, s).state;
}

bool ends(const std::string& text, const Snapshot& s) {
  return Thresholds::parse({text}).may_end_the_run(s);
}

std::string refusal(const std::vector<std::string>& texts) {
  try {
    (void)Thresholds::parse(texts);
  } catch (const support::Error& error) {
    EXPECT_EQ(error.code(), support::ExitCode::usage);
    return error.what();
  }
  return "";
}

TEST(Thresholds, EveryOperatorKnowsItsGoodSide) {
  EXPECT_EQ(state("lost<1"), State::crossed);
  EXPECT_EQ(state("lost<=1"), State::passed);
  EXPECT_EQ(state("lost>0"), State::passed);
  EXPECT_EQ(state("lost>=2"), State::crossed);
  EXPECT_EQ(state("lost==1"), State::passed);
  EXPECT_EQ(state("lost!=1"), State::crossed);
}

TEST(Thresholds, UnitsMeanWhatTheySay) {
  EXPECT_EQ(state("ack_p50<=10ms"), State::passed);
  EXPECT_EQ(state("ack_p50<10000us"), State::crossed);
  EXPECT_EQ(state("ack_max == 1.5s"), State::passed);
  EXPECT_EQ(state("ack_max<1m"), State::passed);
  EXPECT_EQ(state("acknowledged_ratio>=99.8%"), State::passed);
  EXPECT_EQ(state(" acknowledged_ratio >= 0.9981 "), State::crossed);
}

// 99.8 / 100 and 998 / 1000 differ in their last bit.
TEST(Thresholds, ARatioThatIsReachedExactlyHolds) {
  Snapshot s;
  for (int i = 0; i < 1'000; ++i) {
    s.measured.send();
    i == 0 ? s.measured.lose() : s.measured.acknowledge();
  }
  EXPECT_EQ(state("acknowledged_ratio>=99.9%", s), State::passed);
  EXPECT_EQ(state("lost_rate<=0.1%", s), State::passed);
  EXPECT_EQ(state("failed_rate<0.1%", s), State::crossed);
}

TEST(Thresholds, EveryMetricOfTheTableCanBeReadAndParsed) {
  const Snapshot s = a_run();
  for (const Metric& metric : threshold_metrics()) {
    const std::string value = metric.kind == Kind::count      ? "0"
                              : metric.kind == Kind::ratio    ? "0%"
                              : metric.kind == Kind::duration ? "0s"
                                                              : "none";
    for (const Rung& rung : rungs()) {
      const std::string name =
          std::string(metric.name) +
          (metric.ladder != nullptr ? "_" + std::string(rung.name) : std::string());
      const ThresholdRow row = judged(name + "!=" + value, s);
      EXPECT_NE(row.state, State::no_data) << row.text;
      EXPECT_FALSE(metric.help.empty());
    }
  }
}

TEST(Thresholds, TheActualValueTellsItApartFromTheBound) {
  EXPECT_EQ(judged("ack_p99<=250ms").actual, "250.004 ms");
  EXPECT_EQ(judged("ack_p99<=1s").actual, "250 ms");
  EXPECT_EQ(judged("ack_max<2s").actual, "1.5 s");
  EXPECT_EQ(judged("acknowledged_ratio>=99.9%").actual, "99.8 %");
  EXPECT_EQ(judged("lost==0").actual, "1");
  EXPECT_EQ(judged("collapse==none").actual, "none");
}

TEST(Thresholds, OnlyAFinishedVerificationSaysSomethingAboutStorage) {
  EXPECT_EQ(state("missing_acknowledged<=4"), State::passed);
  EXPECT_EQ(state("missing_acknowledged==0"), State::crossed);
  EXPECT_EQ(state("stored_ratio>=99.5%"), State::passed);
  EXPECT_EQ(state("stored_ratio>=99.6%"), State::crossed);
  Snapshot s = a_run();
  s.storage.state = metrics::Storage::State::incomplete;
  EXPECT_EQ(state("missing_acknowledged<=4", s), State::no_data);
  EXPECT_EQ(state("stored_ratio>=99.5%", s), State::no_data);
}

TEST(Thresholds, WarmUpDoesNotCount) {
  Snapshot s = a_run();
  s.totals.send();
  s.totals.lose();
  EXPECT_EQ(judged("lost==1", s).actual, "1");
}

TEST(Thresholds, MessagesInFlightAreNeitherGoodNorBad) {
  Snapshot s;
  s.measured.send();
  s.measured.acknowledge();
  s.measured.send();
  EXPECT_EQ(state("acknowledged_ratio==100%", s), State::passed);
}

TEST(Thresholds, NoDataCountsAsCrossed) {
  Snapshot s = a_run();
  s.ack_from_due_with_open = {};
  const auto rows = Thresholds::parse({"lost==1", "ack_p99<1s"}).judge(s);
  EXPECT_EQ(rows[1].state, State::no_data);
  EXPECT_EQ(rows[1].actual, "no data");
  EXPECT_TRUE(crossed(rows));
  EXPECT_FALSE(crossed(Thresholds::parse({"lost==1"}).judge(s)));
  EXPECT_FALSE(crossed({}));
}

TEST(Thresholds, ARunWithoutABurstKnowsNothingOfMessages) {
  EXPECT_EQ(state("lost==0", Snapshot{}), State::no_data);
  EXPECT_EQ(state("failed_rate<1%", Snapshot{}), State::no_data);
  EXPECT_EQ(state("collapse==none", Snapshot{}), State::no_data);
  EXPECT_EQ(state("late_bursts==0", Snapshot{}), State::no_data);
  EXPECT_EQ(state("planned>0", Snapshot{}), State::crossed);
}

TEST(Thresholds, QosZeroHasNoAcknowledgements) {
  Snapshot s = a_run();
  s.qos = 0;
  EXPECT_EQ(state("lost==0", s), State::no_data);
  EXPECT_EQ(state("acknowledged>1", s), State::no_data);
  EXPECT_EQ(judged("acknowledged_ratio>=99%", s).actual, "99.9 %");
}

TEST(Thresholds, ALadderWithoutAValueIsNoData) {
  Snapshot s = a_run();
  s.ack_from_write_with_open = {};
  EXPECT_EQ(state("ack_write_p99<9s", s), State::no_data);
  EXPECT_EQ(state("ack_p99<9s", s), State::passed);
}

TEST(Thresholds, ACollapseIsAMomentAndNoneIsLaterThanAll) {
  Snapshot s = a_run();
  EXPECT_EQ(state("collapse==none", s), State::passed);
  EXPECT_EQ(state("collapse>=60s", s), State::passed);
  s.collapses = {{42.5, std::nullopt}};
  EXPECT_EQ(judged("collapse==none", s).actual, "42.5 s");
  EXPECT_EQ(state("collapse==none", s), State::crossed);
  EXPECT_EQ(state("collapse!=none", s), State::passed);
  EXPECT_EQ(state("collapse>=60s", s), State::crossed);
  EXPECT_EQ(state("collapse>=40s", s), State::passed);
}

TEST(AbortOnCrossed, ACountBeyondItsUpperBoundEndsTheRun) {
  Snapshot s = a_run();
  EXPECT_TRUE(ends("lost==0", s));
  EXPECT_TRUE(ends("lost<1", s));
  EXPECT_FALSE(ends("lost<=1", s));
  EXPECT_FALSE(ends("lost==2", s)) << "may yet be reached";
  EXPECT_FALSE(ends("sent>=100000", s)) << "may yet be reached";
}

TEST(AbortOnCrossed, RatiosAndPercentilesWaitForASettledMeasuredBurst) {
  Snapshot s = a_run();
  EXPECT_TRUE(ends("ack_p99<1ms", s));
  EXPECT_TRUE(ends("acknowledged_ratio>=99.9%", s));
  EXPECT_TRUE(ends("connected==100%", s));
  s.bursts[0].warmup = true;
  EXPECT_FALSE(ends("ack_p99<1ms", s));
  s.bursts[0].warmup = false;
  s.bursts[0].counters.send();
  EXPECT_FALSE(ends("connected==100%", s));
}

TEST(AbortOnCrossed, ACollapseEndsTheRunButMissingDataDoesNot) {
  Snapshot s = a_run();
  s.ack_drain = {};
  EXPECT_FALSE(ends("drain_p99<1s", s));
  EXPECT_FALSE(ends("collapse==none", s));
  s.collapses = {{1, 2}};
  EXPECT_TRUE(ends("collapse==none", s));
}

TEST(ThresholdGrammar, ListsEveryProblemAndAllMetrics) {
  const std::string text = refusal({"lost==0", "ack_p98<250ms", "lost=0", "ack_p99<250"});
  EXPECT_THAT(text, HasSubstr("unknown metric \"ack_p98\"; did you mean ack_p9"));
  EXPECT_THAT(text, HasSubstr("\"lost=0\": expected METRIC OP VALUE"));
  EXPECT_THAT(text, HasSubstr("\"250\" is no duration with its unit"));
  EXPECT_THAT(text, Not(HasSubstr("\"lost==0\"")));
  for (const Metric& metric : threshold_metrics()) {
    EXPECT_THAT(text, HasSubstr(std::string(metric.help)));
  }
}

TEST(ThresholdGrammar, RefusesWhatMakesNoSense) {
  for (const std::string bad :
       {"", "ack_p99", "<5", "ack_p99<", "ack_p99<fast", "ack_p99<-5ms", "ack_p99<5h", "ack<5ms",
        "lost==0.5", "lost==-1", "lost==1ms", "connected>=101%", "connected>=99", "collapse<none",
        "collapse==never", "lost_p99==1", "ack_p99=<5ms", "ack_p99<nan ms", "ack_p99<inf s"}) {
    EXPECT_NE(refusal({bad}), "") << bad;
  }
}

// Write the table anew with STRESSKIT_WRITE_DOCS=1, as for the settings.
TEST(ThresholdMetrics, AreThoseOfTheDocument) {
  const std::filesystem::path path =
      std::filesystem::path(STRESSKIT_SOURCE_DIR) / "docs" / "reports.md";
  const std::string begin = "<!-- made from src/report/threshold_metrics.cpp: begin -->\n\n";
  const std::string end = "\n<!-- made from src/report/threshold_metrics.cpp: end -->\n";
  std::string page = support::read_file(path).value();
  const std::size_t from = page.find(begin);
  const std::size_t to = page.find(end);
  ASSERT_TRUE(from != std::string::npos && to != std::string::npos);
  if (std::getenv("STRESSKIT_WRITE_DOCS") != nullptr) {
    page.replace(from + begin.size(), to - from - begin.size(), table_of_metrics());
    ASSERT_TRUE(support::replace_file(path, page));
  }
  EXPECT_THAT(page, HasSubstr(begin + table_of_metrics() + end));
}

}  // namespace
}  // namespace stresskit::report
