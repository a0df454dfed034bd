#include "stresskit/metrics/server_side.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace stresskit::metrics {
namespace {

ServerRow row(double at, const char* source, std::map<std::string, double> figures) {
  ServerRow made{at, source, 60};
  made.figures = std::move(figures);
  return made;
}

TEST(ServerWatch, UsageIsWhatTheCountersGrewBy) {
  ServerWatch watch;
  watch.note(row(10, "usage", {{"transport_messages", 500}, {"storage_points", 2'000}}));
  watch.note(row(20, "usage", {{"transport_messages", 700}, {"storage_points", 2'900}}));
  const auto usage = watch.figures().usage;
  ASSERT_TRUE(usage);
  EXPECT_EQ(usage->first_at, 10);
  EXPECT_EQ(usage->last_at, 20);
  EXPECT_EQ(usage->transport_messages, 200U);
  EXPECT_EQ(usage->storage_points, 900U);
  watch.note(row(30, "usage", {{"transport_messages", 50}}));
  EXPECT_EQ(watch.figures().usage->transport_messages, 250U) << "a new month begins at nothing";
}

TEST(ServerWatch, QueueRowsAddUpAndTheFirstTroubleHasItsTime) {
  ServerWatch watch;
  watch.note(row(60, "queue", {{"total", 100}, {"successful", 100}}));
  watch.note(row(120, "queue", {{"total", 90}, {"successful", 70}, {"timed_out", 20}}));
  watch.note(row(180, "queue", {{"total", 10}, {"failed", 10}}));
  const auto queues = watch.figures().queues;
  ASSERT_TRUE(queues);
  EXPECT_EQ(queues->rows, 3U);
  EXPECT_EQ(queues->total, 200U);
  EXPECT_EQ(queues->timed_out, 20U);
  EXPECT_EQ(queues->failed, 10U);
  EXPECT_EQ(queues->trouble_at, 120);
}

TEST(ServerWatch, WhatThePrometheusEndpointCountedBeforeTheRunDoesNotCount) {
  ServerWatch watch;
  watch.note(row(1, "prometheus", {{"queued", 1'000}, {"processed", 900}, {"rows_waiting", 5}}));
  watch.note(row(2, "prometheus", {{"queued", 1'500}, {"processed", 1'000}, {"rows_waiting", 45}}));
  watch.note(row(3, "prometheus", {{"queued", 1'500}, {"processed", 1'400}, {"rows_waiting", 5}}));
  const auto live = watch.figures().live;
  ASSERT_TRUE(live);
  EXPECT_EQ(live->processed, 500);
  EXPECT_EQ(live->most_unprocessed, 400);
  EXPECT_EQ(live->most_rows_waiting, 40);
}

TEST(ServerWatch, TheMachineIsToldByItsHighest) {
  ServerWatch watch;
  watch.note(row(1, "system", {{"cpu_percent", 90}, {"memory_percent", 40}}));
  watch.note(row(2, "system", {{"cpu_percent", 30}, {"memory_percent", 50}}));
  EXPECT_EQ(watch.figures().machine->cpu_percent, 90);
  EXPECT_EQ(watch.figures().machine->memory_percent, 50);
}

TEST(ServerLine, SaysWhoseClockAndHowLate) {
  ServerRow queue = row(10.5, "queue", {{"total", 12}});
  queue.server_ts_ms = 9'000;
  queue.queue = "Main";
  const auto json = nlohmann::json::parse(server_line(queue));
  EXPECT_EQ(json, (nlohmann::json{{"unix_s", 10.5},
                                  {"source", "queue"},
                                  {"lag_s", 60},
                                  {"server_ts_ms", 9'000},
                                  {"queue", "Main"},
                                  {"total", 12}}));
}

}  // namespace
}  // namespace stresskit::metrics
