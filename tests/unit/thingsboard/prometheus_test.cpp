#include "stresskit/thingsboard/prometheus.hpp"

#include <gtest/gtest.h>

namespace stresskit::thingsboard {
namespace {

TEST(Prometheus, FollowsAMessageFromTheQueueToTheDatabase) {
  const auto counters = read_prometheus(
      "# HELP ruleEngine_Main_total\n# TYPE ruleEngine_Main_total counter\n"
      "ruleEngine_producer_total{statsName=\"totalMsgs\",} 1000.0\n"
      "ruleEngine_producer_total{statsName=\"successfulMsgs\",} 990.0\n"
      "ruleEngine_Main_total{statsName=\"totalMsgs\",tenantId=\"system\",} 700.0\n"
      "ruleEngine_Main_total{statsName=\"timeoutMsgs\",tenantId=\"system\",} 30.0\n"
      "ts_queue_0_total{statsName=\"totalMsgs\",} 500.0\n"
      "ts_queue_0_total{statsName=\"successfulMsgs\",} 450.0\n"
      "ts_queue_1_total{statsName=\"totalMsgs\",} 500.0\n"
      "ts_queue_1_total{statsName=\"failedMsgs\",} 1.0\n"
      "thingsboard_transport_connections_active{protocol=\"MQTT\",} 5.0E2\n"
      "jvm_memory_used_bytes{area=\"heap\",id=\"G1 Eden Space\",} 1.0E8\n"
      "jvm_memory_used_bytes{area=\"heap\",id=\"G1 Old Gen\",} 2.0E8\n"
      "jvm_memory_used_bytes{area=\"nonheap\",id=\"Metaspace\",} 9.0E8\n"
      "process_cpu_usage 0.25\n");
  ASSERT_TRUE(counters);
  EXPECT_EQ(counters->queued, 1'000);
  EXPECT_EQ(counters->processed, 700);
  EXPECT_EQ(counters->timed_out, 30);
  EXPECT_FALSE(counters->failed);
  EXPECT_EQ(counters->rows_waiting, 549);
  EXPECT_EQ(counters->connections, 500);
  EXPECT_EQ(counters->process_cpu, 0.25);
  EXPECT_EQ(counters->heap_bytes, 3e8);
}

TEST(Prometheus, AWebPageIsNoAnswer) {
  EXPECT_FALSE(read_prometheus("<!doctype html>"));
  EXPECT_FALSE(read_prometheus(""));
}

TEST(Prometheus, BrokenLinesAreSkipped) {
  const auto counters = read_prometheus("# x\nprocess_cpu_usage\nname{unclosed 1\n\n");
  ASSERT_TRUE(counters);
  EXPECT_FALSE(counters->process_cpu);
}

}  // namespace
}  // namespace stresskit::thingsboard
