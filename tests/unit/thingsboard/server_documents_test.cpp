// What a real server was recorded to answer about stored points and about itself.
#include "thingsboard/figures_json.hpp"
#include "thingsboard/samples_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>

namespace stresskit::thingsboard {
namespace {

using nlohmann::json;

std::string recorded(const std::string& name) {
  std::ifstream file(std::string(STRESSKIT_SOURCE_DIR) + "/tests/contract/recorded/" + name +
                     ".json");
  return json::parse(file).at("response").at("body").dump();
}

TEST(ServerDocuments, ACountIsTheSumOfItsBuckets) {
  EXPECT_EQ(read_count(recorded("timeseries-count"), "n"), 10U);
  EXPECT_EQ(read_count(recorded("timeseries-count-two-buckets"), "n"), 10U);
}

TEST(ServerDocuments, AKeyWithoutPointsIsMissingAndCountsAsNothing) {
  EXPECT_EQ(read_count(recorded("timeseries-count"), "nokey"), 0U);
  EXPECT_EQ(read_count(recorded("timeseries-count-empty-range"), "n"), 0U);
  EXPECT_TRUE(read_samples("{}", "n").empty());
}

TEST(ServerDocuments, ValuesAreTextsWhateverTheirType) {
  const Samples samples = read_samples(recorded("timeseries-history-asc"), "n");
  ASSERT_EQ(samples.size(), 3U);
  EXPECT_EQ(samples[1].ts, 1'795'474'179'020);
  EXPECT_EQ(samples[1].value, "1");
  EXPECT_EQ(read_samples(recorded("timeseries-latest-strict"), "humidity").at(0).value, "50");
}

TEST(ServerDocuments, ANewestValueThatDoesNotExistIsNone) {
  EXPECT_TRUE(read_samples(recorded("timeseries-latest-unknown-key"), "nokey").empty());
}

TEST(ServerDocuments, AnythingElseThanAnAnswerThrows) {
  EXPECT_THROW(static_cast<void>(read_count("[]", "n")), json::exception);
  for (const char* number : {"1e99", "-1", "1.5", "\"1e99\"", "\"-1\""}) {
    const std::string body = fmt::format(R"({{"n": [{{"ts": 1, "value": {}}}]}})", number);
    EXPECT_THROW(static_cast<void>(read_count(body, "n")), json::exception) << number;
  }
  for (const char* ts : {"1e99", "-1", "18446744073709551615", "\"1\""}) {
    const std::string body = fmt::format(R"({{"n": [{{"ts": {}, "value": 1}}]}})", ts);
    EXPECT_THROW(static_cast<void>(read_samples(body, "n")), json::exception) << ts;
  }
  EXPECT_THROW(static_cast<void>(read_samples("<html>", "n")), json::exception);
}

TEST(ServerDocuments, TheUsageNamesWhatIsUsedAndAllowed) {
  const Usage usage = read_usage(recorded("usage"));
  EXPECT_EQ(usage.devices, 3'043U);
  EXPECT_EQ(usage.max_devices, 0U);
  EXPECT_EQ(usage.transport_messages, 1'187'624U);
  EXPECT_GT(read_usage(recorded("quota-usage")).max_transport_messages, 0U);
}

TEST(ServerDocuments, QueueStatisticsAreReadFromTheEntityQuery) {
  const auto queues = read_queue_stats(recorded("queuestats-entity-query"));
  ASSERT_EQ(queues.size(), 1U);
  EXPECT_EQ(queues[0].name, "Main_vm");
  EXPECT_EQ(queues[0].ts, 1'795'475'633'001);
  EXPECT_EQ(queues[0].total, 164'000U);
  EXPECT_EQ(queues[0].successful, 110'920U);
  EXPECT_EQ(queues[0].timed_out, 53'080U);
}

TEST(ServerDocuments, ACounterThatWasNeverWrittenIsZero) {
  const PointCounters counters = read_point_counters(
      R"({"data":[{"latest":{"TIME_SERIES":{"transportMsgCount":{"ts":1,"value":"60"},)"
      R"("transportDataPointsCount":{"ts":0,"value":""}}}}]})");
  EXPECT_EQ(counters.transport_messages, 60U);
  EXPECT_EQ(counters.transport_points, 0U);
  EXPECT_EQ(counters.storage_points, 0U);
}

TEST(ServerDocuments, AProfileThatNamesNoDaysKeepsForEver) {
  const auto profile = [](const std::string& days) {
    return R"({"name":"Default","profileData":{"configuration":{"defaultStorageTtlDays":)" + days +
           "}}}";
  };
  EXPECT_EQ(read_tenant_profile(profile("30")).storage_ttl_days, 30U);
  EXPECT_EQ(read_tenant_profile(profile("null")).storage_ttl_days, 0U);
  for (const char* days : {"-1", "1e99", "\"30\""}) {
    EXPECT_THROW(static_cast<void>(read_tenant_profile(profile(days))), json::exception) << days;
  }
}

TEST(ServerDocuments, TheBusiestMachineCounts) {
  const SystemInfo info = read_system_info(recorded("system-info"));
  EXPECT_EQ(info.cpu_percent, 4);
  EXPECT_EQ(info.memory_percent, 8);
}

}  // namespace
}  // namespace stresskit::thingsboard
