#include "sandbox/telemetry_store.hpp"

#include "sandbox/server_clock.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace stresskit::sandbox {
namespace {

const std::string device = "device";

void put(TelemetryStore& store, std::int64_t ts, Value value) {
  std::vector<Reading> readings;
  readings.push_back({ts, "k", std::move(value)});
  store.save(device, std::move(readings));
}

std::vector<std::int64_t> times(const std::vector<Sample>& samples) {
  std::vector<std::int64_t> all;
  for (const Sample& sample : samples) all.push_back(sample.ts);
  return all;
}

std::vector<Sample> count(const TelemetryStore& store, std::int64_t start, std::int64_t end,
                          std::int64_t interval) {
  HistoryQuery query;
  query.start = start;
  query.end = end;
  query.interval = interval;
  query.aggregation = Aggregation::count;
  return store.history(device, "k", query);
}

std::int64_t whole(const Sample& sample) {
  return std::get<std::int64_t>(sample.value);
}

using Times = std::vector<std::int64_t>;

TEST(TelemetryStore, OverwritesTheSameMillisecond) {
  TelemetryStore store;
  put(store, 10, Value(std::int64_t{1}));
  put(store, 10, Value(std::int64_t{2}));
  EXPECT_EQ(store.size(), 1);
  EXPECT_EQ(whole(*store.latest(device, "k")), 2);
}

TEST(TelemetryStore, OrdersLateArrivalsByTheirTime) {
  TelemetryStore store;
  for (const std::int64_t ts : {30, 10, 20}) put(store, ts, Value(ts));
  HistoryQuery query;
  query.end = 100;
  query.ascending = true;
  EXPECT_EQ(times(store.history(device, "k", query)), (Times{10, 20, 30}));
  EXPECT_EQ(store.latest(device, "k")->ts, 30);
}

TEST(TelemetryStore, AnswersTheNewestFirstUpToTheLimit) {
  TelemetryStore store;
  for (std::int64_t ts = 0; ts < 10; ++ts) put(store, ts, Value(ts));
  HistoryQuery query;
  query.end = 9;
  query.limit = 3;
  EXPECT_EQ(times(store.history(device, "k", query)), (Times{8, 7, 6}));
}

TEST(TelemetryStore, TakesTheStartInAndTheEndOut) {
  TelemetryStore store;
  for (const std::int64_t ts : {10, 20}) put(store, ts, Value(ts));
  EXPECT_EQ(whole(count(store, 10, 20, 1000).at(0)), 1);
  EXPECT_EQ(whole(count(store, 10, 21, 1000).at(0)), 2);
}

TEST(TelemetryStore, PutsABucketsValueInItsMiddleAndLeavesEmptyOnesOut) {
  TelemetryStore store;
  for (const std::int64_t ts : {0, 1, 25}) put(store, ts, Value(ts));
  const auto buckets = count(store, 0, 30, 10);
  EXPECT_EQ(times(buckets), (Times{5, 25}));
  EXPECT_EQ(whole(buckets.at(0)), 2);
}

TEST(TelemetryStore, CountsOverAllOfTimeWithoutOverflow) {
  TelemetryStore store;
  put(store, 10, Value(std::int64_t{1}));
  const std::int64_t end = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(whole(count(store, 0, end, end).at(0)), 1);
}

// As the platform does, and why a key should keep to one type.
TEST(TelemetryStore, CountsOneTypeABucket) {
  TelemetryStore store;
  put(store, 1, Value(std::int64_t{1}));
  put(store, 2, Value(2.5));
  EXPECT_EQ(whole(count(store, 0, 10, 10).at(0)), 2);
  put(store, 3, Value(Text("{}", true)));
  EXPECT_EQ(whole(count(store, 0, 10, 10).at(0)), 1);
  put(store, 4, Value(Text("x", false)));
  put(store, 5, Value(Text("y", false)));
  EXPECT_EQ(whole(count(store, 0, 10, 10).at(0)), 2);
  put(store, 6, Value(true));
  EXPECT_EQ(whole(count(store, 0, 10, 10).at(0)), 1);
}

TEST(TelemetryStore, AddsUpWholeNumbersWholeAndOthersAsDoubles) {
  TelemetryStore store;
  put(store, 1, Value(std::int64_t{1}));
  put(store, 2, Value(std::int64_t{2}));
  HistoryQuery query{0, 10, 10, Aggregation::sum, 100, false};
  EXPECT_EQ(std::get<std::int64_t>(store.history(device, "k", query).at(0).value), 3);
  put(store, 3, Value(0.5));
  EXPECT_EQ(std::get<double>(store.history(device, "k", query).at(0).value), 3.5);
}

TEST(TelemetryStore, HasNoLatestValueOnceItWasDeleted) {
  TelemetryStore store;
  for (const std::int64_t ts : {1, 2}) put(store, ts, Value(ts));
  store.erase(device, "k", 2, 3);
  EXPECT_FALSE(store.latest(device, "k"));
  EXPECT_TRUE(store.keys(device).empty());
  EXPECT_EQ(whole(count(store, 0, 10, 10).at(0)), 1);
  put(store, 5, Value(std::int64_t{5}));
  EXPECT_EQ(store.latest(device, "k")->ts, 5);
}

TEST(TelemetryStore, ForgetsADeviceWhole) {
  TelemetryStore store;
  put(store, 1, Value(std::int64_t{1}));
  store.erase(device);
  EXPECT_EQ(store.size(), 0);
  EXPECT_TRUE(store.keys(device).empty());
}

TEST(TelemetryStoreTest, ForgetsWhatIsOlderThanItsTimeToLiveButTheNewestValue) {
  TelemetryStore store;
  const std::int64_t now = now_ms();
  put(store, now - 10'000, Value(std::int64_t{1}));
  EXPECT_EQ(count(store, 0, now + 1, now + 1).size(), 1);
  store.set_ttl(std::chrono::seconds(5));
  EXPECT_EQ(count(store, 0, now + 1, now + 1).size(), 0);
  EXPECT_TRUE(store.latest(device, "k").has_value());
  put(store, now - 1'000, Value(std::int64_t{2}));
  HistoryQuery query;
  query.end = now + 1;
  EXPECT_EQ(times(store.history(device, "k", query)), std::vector<std::int64_t>{now - 1'000});
}

}  // namespace
}  // namespace stresskit::sandbox
