#include "sandbox/transport_limits.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace stresskit::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr TokenBuckets::Time start{1'000s};

TokenBuckets buckets(std::string_view text) {
  return {TokenBuckets::parse(text).value(), start};
}

RateLimits limit(RateLimits::Name name, std::string text) {
  RateLimits limits;
  limits.text[name] = std::move(text);
  return limits;
}

TEST(TransportTokenBuckets, PassABurstAndRefillContinuously) {
  TokenBuckets bucket = buckets("10:10");
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(bucket.take(1, start));
  }
  EXPECT_FALSE(bucket.take(1, start));
  EXPECT_FALSE(bucket.take(1, start + 900ms));
  EXPECT_TRUE(bucket.take(1, start + 1'100ms));
  EXPECT_FALSE(bucket.take(1, start + 1'200ms));
  EXPECT_TRUE(bucket.take(10, start + 60s)) << "never fuller than its capacity";
  EXPECT_FALSE(bucket.take(1, start + 60s));
}

TEST(TransportTokenBuckets, MustAllHaveTheirTokens) {
  TokenBuckets both = buckets("2:1,3:60");
  EXPECT_TRUE(both.take(2, start));
  EXPECT_FALSE(both.take(2, start + 1s)) << "the slow bucket has one left";
  EXPECT_TRUE(both.take(1, start + 1s)) << "and the refusal took nothing";
}

TEST(TransportTokenBuckets, RefuseMalformedLimits) {
  EXPECT_TRUE(TokenBuckets::parse("").value().empty());
  EXPECT_EQ(TokenBuckets::parse("100:1,2000:60").value().size(), 2U);
  for (const std::string_view text :
       {"5", "5:", ":5", "a:1", "1:a", "0:1", "1:0", "-1:1", "1:1,,", "1:1:1", "1.5:1", " 1:1"}) {
    EXPECT_FALSE(TokenBuckets::parse(text).has_value()) << text;
  }
}

TEST(TransportRateLimiter, WithoutLimitsPassesEverything) {
  RateLimiter limiter;
  for (int i = 0; i < 1'000; ++i) {
    EXPECT_TRUE(limiter.pass("d", 1'000, start));
  }
}

TEST(TransportRateLimiter, TellsMessagesFromTelemetry) {
  RateLimiter limiter;
  limiter.configure(limit(RateLimits::device_messages, "1:10"), start);
  EXPECT_TRUE(limiter.pass("d", 0, start));
  EXPECT_FALSE(limiter.pass("d", 0, start));
  EXPECT_TRUE(limiter.pass("d", 1, start)) << "telemetry has buckets of its own";
}

TEST(TransportRateLimiter, CountsDataPoints) {
  RateLimiter limiter;
  limiter.configure(limit(RateLimits::device_data_points, "5:10"), start);
  EXPECT_TRUE(limiter.pass("d", 3, start));
  EXPECT_FALSE(limiter.pass("d", 3, start));
  EXPECT_TRUE(limiter.pass("d", 2, start));
}

TEST(TransportRateLimiter, SharesTheTenantsBucketAmongDevices) {
  RateLimiter limiter;
  limiter.configure(limit(RateLimits::tenant_telemetry, "2:10"), start);
  EXPECT_TRUE(limiter.pass("a", 1, start));
  EXPECT_TRUE(limiter.pass("b", 1, start));
  EXPECT_FALSE(limiter.pass("c", 1, start));
}

TEST(TransportRateLimiter, GivesEachDeviceItsOwnBucket) {
  RateLimiter limiter;
  limiter.configure(limit(RateLimits::device_telemetry, "1:10"), start);
  EXPECT_TRUE(limiter.pass("a", 1, start));
  EXPECT_FALSE(limiter.pass("a", 1, start));
  EXPECT_TRUE(limiter.pass("b", 1, start));
}

TEST(TransportRateLimiter, DoesNotReturnTheTenantsTokenWhenTheDeviceIsRefused) {
  RateLimits limits = limit(RateLimits::tenant_telemetry, "3:1000");
  limits.text[RateLimits::device_telemetry] = "1:1000";
  RateLimiter limiter;
  limiter.configure(limits, start);
  EXPECT_TRUE(limiter.pass("a", 1, start));
  EXPECT_FALSE(limiter.pass("a", 1, start));
  EXPECT_TRUE(limiter.pass("b", 1, start));
  EXPECT_FALSE(limiter.pass("c", 1, start)) << "the tenant has given three";
}

TEST(TransportRateLimiter, KeepsTheFillOfUnchangedBuckets) {
  RateLimits limits = limit(RateLimits::device_telemetry, "1:1000");
  RateLimiter limiter;
  limiter.configure(limits, start);
  EXPECT_TRUE(limiter.pass("a", 1, start));
  limits.text[RateLimits::tenant_messages] = "5:1";
  limiter.configure(limits, start);
  EXPECT_FALSE(limiter.pass("a", 1, start));
  limiter.configure(RateLimits{}, start);
  EXPECT_TRUE(limiter.pass("a", 1, start)) << "the limit is gone";
}

}  // namespace
}  // namespace stresskit::sandbox
