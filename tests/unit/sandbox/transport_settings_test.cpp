#include "sandbox/transport_settings.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace stresskit::sandbox {
namespace {

using namespace std::chrono_literals;

TEST(TransportSettings, AreThePlatformsDefaultsWhenNothingIsSaid) {
  const TransportSettings settings = parse_transport_settings("{}").value();
  EXPECT_TRUE(settings.rates.text[RateLimits::device_messages].empty());
  EXPECT_FALSE(settings.quota_reached);
  EXPECT_FALSE(settings.address_block.has_value());
  EXPECT_FALSE(settings.refusal.has_value());
  EXPECT_FALSE(settings.close_on_accept);
  EXPECT_EQ(settings.connack_delay, 0ms);
  EXPECT_EQ(settings.inactivity, 600s);
}

TEST(TransportSettings, ReadEveryMember) {
  const TransportSettings settings = parse_transport_settings(R"({
      "rate_limits": {"transportTenantMsgRateLimit": "1:2",
                      "transportDeviceTelemetryDataPointsRateLimit": "3:4,5:6"},
      "quota_reached": true, "close_on_accept": true,
      "ip_block": {"wrong_credentials": 2, "block_ms": 5},
      "refuse": {"code": 5, "code_v5": 134},
      "connack_delay_ms": 7, "puback_delay_ms": 8, "inactivity_ms": 9,
      "max_connections_per_address": 50})")
                                         .value();
  EXPECT_EQ(settings.rates.text[RateLimits::tenant_messages], "1:2");
  EXPECT_EQ(settings.rates.text[RateLimits::device_data_points], "3:4,5:6");
  EXPECT_TRUE(settings.quota_reached);
  EXPECT_TRUE(settings.close_on_accept);
  EXPECT_EQ(settings.address_block->wrong_credentials, 2U);
  EXPECT_EQ(settings.address_block->block, 5ms);
  EXPECT_EQ(settings.refusal->code, 5);
  EXPECT_EQ(settings.refusal->code_v5, 134);
  EXPECT_EQ(settings.connack_delay, 7ms);
  EXPECT_EQ(settings.max_connections_per_address, 50U);
  EXPECT_EQ(settings.puback_delay, 8ms);
  EXPECT_EQ(settings.inactivity, 9ms);
}

TEST(TransportSettings, FillInWhatASectionLeavesOut) {
  const TransportSettings settings =
      parse_transport_settings(R"({"refuse": {}, "ip_block": {}, "rate_limits": null})").value();
  EXPECT_EQ(settings.refusal->code, 3);
  EXPECT_EQ(settings.refusal->code_v5, 0x88);
  EXPECT_EQ(settings.address_block->wrong_credentials, 10U);
}

TEST(TransportSettings, SayWhatIsWrong) {
  const auto problem = [](std::string_view json) {
    const auto settings = parse_transport_settings(json);
    return settings ? "taken" : settings.error();
  };
  EXPECT_EQ(problem("{"), "not a JSON document");
  EXPECT_EQ(problem("[]"), "transport settings: is no object");
  EXPECT_EQ(problem(R"({"conack_delay_ms": 1})"),
            "transport settings: has an unknown member \"conack_delay_ms\"");
  EXPECT_EQ(problem(R"({"quota_reached": 1})"), "transport settings: quota_reached is no boolean");
  EXPECT_EQ(problem(R"({"puback_delay_ms": -1})"),
            "transport settings: puback_delay_ms is no whole number from 0 to 86400000");
  EXPECT_EQ(problem(R"({"refuse": {"code": 256}})"),
            "refuse: code is no whole number from 0 to 255");
  EXPECT_EQ(problem(R"({"refuse": 5})"), "refuse: is no object");
  EXPECT_EQ(problem(R"({"rate_limits": {"transportDeviceMsgRateLimit": "x"}})"),
            "rate_limits: transportDeviceMsgRateLimit: a rate limit is "
            "\"capacity:seconds[,capacity:seconds...]\", not \"x\"");
}

}  // namespace
}  // namespace stresskit::sandbox
