#include "dashboard/prometheus_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stresskit::dashboard {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string text_of(const std::string& metrics, const std::string& state = "running") {
  Banner banner;
  banner.state = state;
  return prometheus_text(read_metrics(metrics), banner);
}

TEST(PrometheusText, IsGivenToWhoAsksForIt) {
  EXPECT_TRUE(wants_prometheus_text(
      "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1"));
  EXPECT_TRUE(wants_prometheus_text("text/plain"));
  EXPECT_FALSE(wants_prometheus_text("text/html,application/xhtml+xml,*/*;q=0.8"));
  EXPECT_FALSE(wants_prometheus_text(""));
}

TEST(PrometheusText, UsesBaseUnits) {
  const std::string text = text_of(
      R"({"status":"running","total_volume_mb":1.5,"bandwidth_mbps":8,
          "generator":{"loop_lag_ms_p99":250,"was_bottleneck":true}})");
  EXPECT_THAT(text, HasSubstr("stresskit_payload_bytes_total 1500000\n"));
  EXPECT_THAT(text, HasSubstr("stresskit_bandwidth_bytes_per_second 1000000\n"));
  EXPECT_THAT(text, HasSubstr("stresskit_generator_loop_lag_p99_seconds 0.25\n"));
  EXPECT_THAT(text, HasSubstr("stresskit_generator_was_bottleneck 1\n"));
}

TEST(PrometheusText, CountsByOutcomeStateAndBucket) {
  const std::string text = text_of(
      R"({"status":"running","connected_devices":4,"totals":{"sent":7,"lost":2},
          "failures":[{"stage":"connect","bucket":"auth","count":2,"detail":"a"},
                      {"stage":"connect","bucket":"auth","count":3,"detail":"b\"\n"}, 7]})");
  EXPECT_THAT(text, HasSubstr("stresskit_devices_by_state{state=\"connected\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("stresskit_messages_total{outcome=\"lost\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("stresskit_failures_total{stage=\"connect\",bucket=\"auth\"} 5\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE stresskit_messages_total counter\n"));
}

TEST(PrometheusText, HistogramsAreCumulativeInSeconds) {
  const std::string text = text_of(
      R"({"status":"running","histogram_buckets":{
          "ack_from_due":{"le_ms":[1,2.5],"counts":[3,5],"count":6,"sum_ms":1500},
          "broken":{"le_ms":[1],"counts":[]}}})");
  EXPECT_THAT(text, HasSubstr("# TYPE stresskit_ack_from_due_seconds histogram\n"));
  EXPECT_THAT(text, HasSubstr("stresskit_ack_from_due_seconds_bucket{le=\"0.001\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("stresskit_ack_from_due_seconds_bucket{le=\"0.0025\"} 5\n"));
  EXPECT_THAT(text, HasSubstr("stresskit_ack_from_due_seconds_bucket{le=\"+Inf\"} 6\n"));
  EXPECT_THAT(text, HasSubstr("stresskit_ack_from_due_seconds_sum 1.5\n"));
  EXPECT_THAT(text, Not(HasSubstr("broken_seconds")));
}

TEST(PrometheusText, WithoutAFileThereIsAStateAndNoFigures) {
  const std::string text = text_of("", "broken");
  EXPECT_THAT(text, HasSubstr("stresskit_state{state=\"broken\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("stresskit_state{state=\"running\"} 0\n"));
  EXPECT_THAT(text, Not(HasSubstr("stresskit_devices")));
}

}  // namespace
}  // namespace stresskit::dashboard
