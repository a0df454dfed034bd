#include "stresskit/preflight/limits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stresskit::preflight {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using thingsboard::Usage;

constexpr RunLoad load{.devices = 500,
                       .points_a_message = 5,
                       .bytes_a_message = 120,
                       .max_inflight = 10,
                       .interval_s = 1,
                       .duration_s = std::nullopt};

std::vector<Finding> warnings(const RunLoad& run, const SessionLimits& limits) {
  std::vector<Finding> out;
  for (const Finding& finding : compare(run, std::nullopt, limits)) {
    if (finding.warning) {
      out.push_back(finding);
    }
  }
  return out;
}

SessionLimits points(std::vector<RateLimit> limits) {
  SessionLimits out;
  out.telemetry_points = std::move(limits);
  return out;
}

TEST(RateLimits, AreReadAsATenantProfileWritesThem) {
  EXPECT_THAT(parse_rate_limits("100:1,2000:60").value(),
              ElementsAre(RateLimit{100, 1}, RateLimit{2'000, 60}));
  for (const char* wrong : {"100", "100:", ":1", "0:1", "a:b", "1:1,,"}) {
    EXPECT_FALSE(parse_rate_limits(wrong)) << wrong;
  }
}

// tests/contract/recorded/mqtt-session-limits.json
TEST(SessionLimits, AreReadAsARealServerAnswers) {
  const auto none = read_session_limits(
      R"({"maxPayloadSize":65536,"maxInflightMessages":100,"rateLimits":{"messages":null,)"
      R"("telemetryMessages":null,"telemetryDataPoints":null}})");
  ASSERT_TRUE(none);
  EXPECT_EQ(none->max_payload, 65'536U);
  EXPECT_EQ(none->max_inflight, 100U);
  EXPECT_TRUE(none->telemetry_messages.empty());
  const auto some = read_session_limits(
      R"({"maxPayloadSize":1,"rateLimits":{"telemetryDataPoints":"200:1,15000:3600"}})");
  EXPECT_THAT(some.value().telemetry_points,
              ElementsAre(RateLimit{200, 1}, RateLimit{15'000, 3'600}));
  const auto odd = read_session_limits(
      R"({"maxPayloadSize":null,"maxInflightMessages":"many","rateLimits":{"messages":7}})");
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->max_payload, 0U);
  EXPECT_EQ(odd->max_inflight, 0U);
  EXPECT_TRUE(odd->messages.empty());
  EXPECT_FALSE(read_session_limits(R"({"error":"unknown method"})"));
  EXPECT_FALSE(read_session_limits("nonsense"));
}

// The example of a hosted tenant: 5 values a second pass 300 a minute, not 15,000 an hour.
TEST(Compare, SaysWhenARunWillBeCutOff) {
  EXPECT_THAT(warnings(load, points({{100, 1}, {2'000, 60}, {15'000, 3'600}})),
              ElementsAre(Finding{true,
                                  "every device will be cut off after 50 min 0 s (after 5 h 0 min "
                                  "when the "
                                  "server refills its bucket all the time): 15000 data points "
                                  "an hour and device"}));
}

TEST(Compare, MessagesTooLargeAndWindowsTooWideAreNamed) {
  SessionLimits limits;
  limits.max_payload = 120;
  limits.max_inflight = 10;
  EXPECT_TRUE(warnings(load, limits).empty()) << "what is just allowed";
  limits.max_payload = 119;
  limits.max_inflight = 9;
  EXPECT_THAT(
      warnings(load, limits),
      ElementsAre(Finding{true, "messages of 120 B are more than the 119 B that are allowed"},
                  Finding{true,
                          "MQTT_MAX_INFLIGHT is 10, but the server holds 9 waiting "
                          "messages of a device"}));
}

TEST(Compare, ARunThatEndsBeforeIsFine) {
  RunLoad run = load;
  run.duration_s = 2'999;
  EXPECT_TRUE(warnings(run, points({{15'000, 3'600}})).empty());
  run.duration_s = 3'001;
  EXPECT_EQ(warnings(run, points({{15'000, 3'600}})).size(), 1U);
}

TEST(Compare, AMessageThatIsTooMuchAtOnceIsCutOffAtOnce) {
  EXPECT_THAT(warnings(load, points({{4, 1}})).at(0).text, HasSubstr("with its first message"));
}

TEST(Compare, ALimitThatIsJustKeptIsFine) {
  SessionLimits limits;
  limits.telemetry_messages = {{60, 60}, {1, 1}};
  EXPECT_TRUE(warnings(load, limits).empty());
}

TEST(Compare, TheBucketMetFirstIsNamed) {
  SessionLimits limits;
  limits.telemetry_messages = {{3'000, 3'600}, {30, 60}};
  EXPECT_THAT(warnings(load, limits).at(0).text,
              AllOf(HasSubstr("after 30 s"), HasSubstr("30 messages a minute")));
}

TEST(Compare, TheMonthlyQuotaIsWeighedAgainstTheWholeRun) {
  RunLoad run = load;
  run.duration_s = 60;
  const Usage usage{.devices = 500,
                    .max_devices = 500,
                    .transport_messages = 970'000,
                    .max_transport_messages = 1'000'000};
  EXPECT_THAT(compare(run, usage, std::nullopt),
              ElementsAre(Finding{true, "500 of 500 devices of the tenant are used"},
                          Finding{false,
                                  "30000 of 1000000 messages of the month are left: enough "
                                  "for 1 min 0 s"}));
  run.duration_s = 61;
  EXPECT_TRUE(compare(run, usage, std::nullopt).at(1).warning);
}

TEST(Compare, ABurstIsWeighedAgainstWhatAllDevicesShare) {
  TenantLimits tenant;
  tenant.telemetry_messages = {{100, 1}};
  tenant.telemetry_points = {{7'000'000, 3'600}};
  tenant.messages = {{200, 1}};
  tenant.storage_ttl_days = 1;
  const auto found = compare(load, std::nullopt, std::nullopt, tenant);
  ASSERT_EQ(found.size(), 4U);
  EXPECT_THAT(found[0].text, HasSubstr("connecting 500 devices exceeds 200 messages a second"));
  EXPECT_EQ(found[1].text,
            "a burst of 500 messages exceeds 100 messages a second for all devices of the tenant: "
            "devices will be cut off in the first one");
  EXPECT_THAT(found[2].text, HasSubstr("devices will be cut off after 46 min 40 s"));
  EXPECT_THAT(found[3].text, AllOf(HasSubstr("for 1 day"), HasSubstr("less than the run")));

  RunLoad slow = load;
  slow.devices = 50;
  slow.duration_s = 60;
  for (const Finding& finding : compare(slow, std::nullopt, std::nullopt, tenant)) {
    EXPECT_FALSE(finding.warning) << finding.text;
  }
  slow.devices = 500;
  slow.connect_rate = 150;
  EXPECT_FALSE(compare(slow, std::nullopt, std::nullopt, tenant)[0].warning);
}

TEST(Compare, WithoutLimitsThereIsNothingToWarnOf) {
  for (const Finding& finding : compare(load, Usage{}, SessionLimits{})) {
    EXPECT_FALSE(finding.warning) << finding.text;
  }
  EXPECT_TRUE(compare(load, std::nullopt, std::nullopt).empty());
}

}  // namespace
}  // namespace stresskit::preflight
