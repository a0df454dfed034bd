#include "stresskit/burst/choose_devices.hpp"

#include <gtest/gtest.h>

namespace stresskit::burst {
namespace {

using namespace std::chrono_literals;

TEST(InEveryBurst, AreTheDevicesOfTheSmallestStage) {
  const std::vector<fleet::Device> devices(5);
  EXPECT_EQ(in_every_burst(devices, {}).size(), 5U);
  EXPECT_EQ(in_every_burst(devices, {{5, 10s}, {2, 10s}, {4, 10s}}).size(), 2U);
  EXPECT_EQ(in_every_burst(devices, {{5, 10s}, {2, 10s}}).data(), devices.data());
}

}  // namespace
}  // namespace stresskit::burst
