#include "stresskit/fleet/device.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace stresskit::fleet {
namespace {

using testing::ElementsAre;

TEST(DeviceName, HasAtLeastThreeDigits) {
  EXPECT_EQ(device_name("sim", 1), "sim-001");
  EXPECT_EQ(device_name("sim", 999), "sim-999");
  EXPECT_EQ(device_name("sim", 1000), "sim-1000");
}

TEST(DeviceIndex, ReadsNamesOfThePrefixOnly) {
  EXPECT_EQ(device_index("sim", "sim-001"), 1U);
  EXPECT_EQ(device_index("sim", "sim-1000"), 1000U);
  EXPECT_EQ(device_index("Fühler", "Fühler-042"), 42U);
  for (const char* other :
       {"sim-1", "simulator-001", "sim-0001", "sim-000", "sim-", "sim", "sim-00x", "sim-001 ",
        "sim_001", "Sim-001", "sim-+01", "sim-99999999999", ""}) {
    EXPECT_EQ(device_index("sim", other), std::nullopt) << other;
  }
}

TEST(DeviceIndex, KeepsAPrefixThatIsTheBeginningOfAnotherApart) {
  EXPECT_EQ(device_index("sim", "sim-2-001"), std::nullopt);
  EXPECT_EQ(device_index("sim-2", "sim-2-001"), 1U);
}

TEST(NameLess, OrdersByNumberNotByDigits) {
  std::vector<std::string> names{"sim-1000", "sim-999", "sim-010", "lab-001", "sim", "sim-9"};
  std::sort(names.begin(), names.end(), name_less);
  EXPECT_THAT(names, ElementsAre("lab-001", "sim", "sim-9", "sim-010", "sim-999", "sim-1000"));
}

TEST(NameLess, IsAStrictOrderForNamesOfEqualNumber) {
  EXPECT_TRUE(name_less("sim-1", "sim-01"));
  EXPECT_FALSE(name_less("sim-01", "sim-1"));
  EXPECT_FALSE(name_less("sim-01", "sim-01"));
}

}  // namespace
}  // namespace stresskit::fleet
