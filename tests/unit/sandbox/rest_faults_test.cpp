#include "sandbox/rest_faults.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace stresskit::sandbox {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

TEST(RestFaults, HitTheirPathAndMethodOnly) {
  RestFaults faults;
  faults.add(RestFaults::parse({{"path", "/api/device/*"}, {"method", "DELETE"}, {"status", 500}}));
  EXPECT_FALSE(faults.take("GET", "/api/device/1").fault);
  EXPECT_FALSE(faults.take("DELETE", "/api/devices").fault);
  EXPECT_TRUE(faults.take("DELETE", "/api/device/1").fault);
}

TEST(RestFaults, HitEverythingUnderApiWithoutAPath) {
  RestFaults faults;
  faults.add(RestFaults::parse({{"status", 500}}));
  EXPECT_TRUE(faults.take("GET", "/api/anything").fault);
  EXPECT_FALSE(faults.take("GET", "/nonsense").fault);
}

TEST(RestFaults, AddUpTheirDelaysAndAnswerInTurn) {
  RestFaults faults;
  faults.add(RestFaults::parse({{"delay_ms", 10}}));
  faults.add(RestFaults::parse({{"status", 500}, {"times", 1}, {"delay_ms", 5}}));
  faults.add(RestFaults::parse({{"status", 503}, {"times", 1}}));
  const FaultEffect first = faults.take("GET", "/api/x");
  EXPECT_EQ(first.delay, 15ms);
  EXPECT_EQ(first.fault->status, 500);
  const FaultEffect second = faults.take("GET", "/api/x");
  EXPECT_EQ(second.delay, 10ms);
  EXPECT_EQ(second.fault->status, 503);
  EXPECT_FALSE(faults.take("GET", "/api/x").fault);
}

TEST(RestFaults, AreRefusedWhenTheyWouldDoNothingOrSayNonsense) {
  EXPECT_THROW((void)RestFaults::parse({{"path", "/api/x"}}), Refusal);
  EXPECT_THROW((void)RestFaults::parse({{"status", 500}, {"tmes", 1}}), Refusal);
  EXPECT_THROW((void)RestFaults::parse({{"cut", "quarter"}}), Refusal);
  EXPECT_THROW((void)RestFaults::parse({{"status", "500"}}), Refusal);
}

}  // namespace
}  // namespace stresskit::sandbox
