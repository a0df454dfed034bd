#include "stresskit/report/console.hpp"

#include "report/words.hpp"

#include "stresskit/report/run_console.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stresskit::report {
namespace {

using metrics::Snapshot;
using testing::HasSubstr;
using testing::Not;

Snapshot finished() {
  Snapshot s;
  s.run_id = "20261123T101500Z-4f2a";
  s.engine = "native";
  s.write_time = "written";
  s.status = metrics::Status::stopped;
  s.phase = metrics::Phase::none;
  s.interval_sec = 1;
  s.device_count = 3;
  s.connected = 2;
  s.failed = 1;
  s.bursts_due = 1;
  s.totals.send();
  s.totals.acknowledge();
  s.totals.send();
  s.totals.lose();
  s.totals.skip();
  return s;
}

TEST(Summary, PrintsTotalsThatAddUp) {
  const std::string text = summary(finished());
  EXPECT_THAT(text, HasSubstr("planned 3 = sent 2 + failed 0 + skipped 1"));
  EXPECT_THAT(text, HasSubstr("sent 2 = acknowledged 1 + lost 1 + unacknowledged 0"));
  EXPECT_THAT(text, HasSubstr("acknowledged: 33.33 % of planned"));
}

TEST(Summary, SaysThatOurClockWasSetDuringTheRun) {
  metrics::Snapshot s;
  s.started_at = 1'000;
  s.elapsed_s = 60;
  s.updated_at = 1'060.5;
  EXPECT_THAT(summary(s), testing::Not(testing::HasSubstr("clock was set")));
  s.updated_at = 940;
  EXPECT_THAT(summary(s), testing::HasSubstr("clock was set 2 min 0 s back during the run"));
}

TEST(Summary, NeverRoundsUpToAHundredPercent) {
  Snapshot s;
  s.device_count = 1;
  for (int i = 0; i < 100'000; ++i) {
    s.totals.send();
    if (i > 0) {
      s.totals.acknowledge();
    }
  }
  EXPECT_THAT(summary(s), HasSubstr("acknowledged: 99.99 % of planned"));
}

TEST(Words, PercentIsRoundedDownButNotByTheArithmetic) {
  EXPECT_EQ(percent(0.99996), "99.99 %");
  EXPECT_EQ(percent(57.0 / 100), "57.00 %");
  EXPECT_EQ(percent(1), "100.00 %");
}

TEST(Summary, SaysThatNothingWasPlannedInsteadOfZeroPercent) {
  EXPECT_THAT(summary(Snapshot{}), HasSubstr("none was planned"));
}

TEST(Summary, SaysSoWhenTheLedgerDoesNotAddUp) {
  Snapshot s = finished();
  EXPECT_THAT(summary(s), Not(HasSubstr("DOES NOT ADD UP")));
  s.balanced = false;
  EXPECT_THAT(summary(s), HasSubstr("DOES NOT ADD UP"));
}

TEST(Summary, BeginsWithThresholdsAndVerdict) {
  Snapshot s = finished();
  s.thresholds = {{"lost==0", "1", metrics::ThresholdRow::State::crossed},
                  {"connected>=60%", "66.67 %", metrics::ThresholdRow::State::passed},
                  {"drain_p99<1s", "no data", metrics::ThresholdRow::State::no_data}};
  s.verdict.sentence = "the server dropped devices";
  EXPECT_THAT(summary(s), testing::StartsWith("CROSSED   lost==0: 1\n"
                                              "passed    connected>=60%: 66.67 %\n"
                                              "CROSSED   drain_p99<1s: no data\n"
                                              "verdict   the server dropped devices\n"));
}

TEST(Summary, StagesAreATableWhenThereAreSeveral) {
  Snapshot s = finished();
  metrics::StageRow stage;
  stage.devices = 100;
  stage.bursts_due = 30;
  stage.totals.send();
  stage.totals.acknowledge();
  s.stages = {stage};
  EXPECT_THAT(summary(s), Not(HasSubstr("stages")));
  s.stages = {stage, stage};
  EXPECT_THAT(summary(s), HasSubstr("    100      30      100.00 %"));
  s.qos = 0;
  s.stages[0].totals = s.stages[1].totals = {};
  s.stages[0].totals.send_without_acknowledgement();
  EXPECT_THAT(summary(s), HasSubstr("    100      30      100.00 %"));
  EXPECT_THAT(summary(s), HasSubstr("bursts          sent"));
}

TEST(Summary, AtQosZeroSaysThatNothingIsAcknowledged) {
  Snapshot s = finished();
  s.qos = 0;
  EXPECT_THAT(summary(s), HasSubstr("QoS 0: nothing is acknowledged, sent is all that is known"));
  EXPECT_THAT(summary(s), Not(HasSubstr("unacknowledged")));
}

TEST(Summary, CountsTheFailuresItDoesNotList) {
  Snapshot s = finished();
  for (int i = 0; i < 13; ++i) {
    s.failures.push_back(
        {{fleet::Stage::publish, fleet::Bucket::network, "reset " + std::to_string(i), {}}, 1});
  }
  EXPECT_THAT(summary(s), HasSubstr("and 3 more kinds in metrics.json"));
}

TEST(Summary, ListsFailuresWithStageBucketAndDetail) {
  Snapshot s = finished();
  s.failures.push_back({{fleet::Stage::connect, fleet::Bucket::auth, "CONNACK 5", 5}, 7});
  const std::string text = summary(s);
  EXPECT_THAT(text, HasSubstr("connect"));
  EXPECT_THAT(text, HasSubstr("auth"));
  EXPECT_THAT(text, HasSubstr("CONNACK 5"));
}

TEST(Summary, SaysNothingOfALatencyThatWasNotMeasured) {
  Snapshot s = finished();
  s.ack_from_due.count = 1;
  s.ack_from_write.count = 1;
  EXPECT_THAT(summary(s), HasSubstr("after the write"));
  s.ack_from_write = {};
  EXPECT_THAT(summary(s), Not(HasSubstr("after the write")));
}

TEST(MetricsLine, CountsEveryKindOfFailedPacket) {
  const std::string line = metrics_line(finished());
  EXPECT_THAT(line, HasSubstr("[METRICS]"));
  EXPECT_THAT(line, HasSubstr("connected 2 disconnected 0 failed 1"));
  EXPECT_THAT(line, HasSubstr("failed packets 1"));
  EXPECT_EQ(line.find('\n'), std::string::npos);
}

TEST(ExitCode, ARunThatWasCarriedOutIsDoneWhateverTheServerDid) {
  EXPECT_EQ(exit_code(finished(), true), support::ExitCode::done);
}

TEST(ExitCode, TellsWhatWentWrongInOrderOfWeight) {
  Snapshot s = finished();
  EXPECT_EQ(exit_code(s, false), support::ExitCode::failed);
  s.thresholds = {{"lost==0", "1", metrics::ThresholdRow::State::crossed}};
  EXPECT_EQ(exit_code(s, true), support::ExitCode::threshold);
  EXPECT_EQ(exit_code(s, false), support::ExitCode::failed);
  s.balanced = false;
  EXPECT_EQ(exit_code(s, true), support::ExitCode::failed);
  s.nobody_connected = true;
  EXPECT_EQ(exit_code(s, false), support::ExitCode::unreachable);
}

}  // namespace
}  // namespace stresskit::report
