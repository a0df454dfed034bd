#include "provision/fleet_files.hpp"

#include "support/temp_dir.hpp"

#include "stresskit/fleet/tokens.hpp"

#include <gtest/gtest.h>

namespace stresskit::provision {
namespace {

class FleetFilesTest : public testing::Test {
 protected:
  FleetFilesTest() {
    data_.dir = folder_.path();
    fleet_.prefix = "sim";
    fleet_.count = 3;
  }

  [[nodiscard]] std::string token(const std::string& name) const {
    const auto devices = fleet::read_tokens(data_.tokens());
    for (const fleet::Device& device : devices.value_or(std::vector<fleet::Device>())) {
      if (device.name == name) {
        return device.token;
      }
    }
    return "";
  }

  test::TempDir folder_;
  config::Data data_;
  config::Fleet fleet_;
};

TEST_F(FleetFilesTest, NothingIsWrittenBeforeSomethingIsKnown) {
  FleetFiles files(data_, fleet_);
  ASSERT_TRUE(files.save());
  EXPECT_FALSE(std::filesystem::exists(data_.tokens()));
}

TEST_F(FleetFilesTest, EarlierTokensOfTheFleetSurviveAndOthersGo) {
  ASSERT_TRUE(fleet::write_tokens(
      data_.tokens(),
      {{"sim-001", "one"}, {"sim-002", "two"}, {"sim-004", "four"}, {"lab-001", "x"}}));
  FleetFiles files(data_, fleet_);
  EXPECT_EQ(files.strangers(), 1U);
  files.put(2, {"id-2", "sim-002", "", "new"});
  ASSERT_TRUE(files.save());
  EXPECT_EQ(token("sim-001"), "one");
  EXPECT_EQ(token("sim-002"), "new");
  EXPECT_EQ(token("sim-004"), "");
  EXPECT_EQ(token("lab-001"), "");
}

TEST_F(FleetFilesTest, RowsOfAnEarlierRunKeepTheirIds) {
  const std::vector<fleet::DeviceRow> rows{{"id-1", "sim-001", "lab", "one"},
                                           {"id-2", "sim-002", "lab", "stale"}};
  ASSERT_TRUE(fleet::write_devices_csv(data_.devices(), rows));
  ASSERT_TRUE(fleet::write_tokens(data_.tokens(), {{"sim-001", "one"}, {"sim-002", "two"}}));
  FleetFiles files(data_, fleet_);
  files.put(3, {"id-3", "sim-003", "", "three"});
  ASSERT_TRUE(files.save());
  EXPECT_EQ(token("sim-002"), "two");
  const auto saved = fleet::read_devices_csv(data_.devices());
  ASSERT_TRUE(saved) << saved.error();
  ASSERT_EQ(saved->size(), 2U);  // of sim-002 only the token is certain
  EXPECT_EQ((*saved)[0].device_id, "id-1");
  EXPECT_EQ((*saved)[1].device_id, "id-3");
}

TEST_F(FleetFilesTest, DevicesFileAloneIsEnoughToKeepTheTokens) {
  ASSERT_TRUE(fleet::write_devices_csv(data_.devices(), {{"id-1", "sim-001", "lab", "one"}}));
  FleetFiles files(data_, fleet_);
  files.put(3, {"id-3", "sim-003", "", "three"});
  ASSERT_TRUE(files.save());
  EXPECT_EQ(token("sim-001"), "one");
}

TEST_F(FleetFilesTest, ForgottenDeviceLeavesTheFiles) {
  ASSERT_TRUE(fleet::write_tokens(data_.tokens(), {{"sim-001", "one"}, {"sim-002", "two"}}));
  FleetFiles files(data_, fleet_);
  files.forget(2);
  ASSERT_TRUE(files.save());
  EXPECT_EQ(token("sim-001"), "one");
  EXPECT_EQ(token("sim-002"), "");
}

TEST_F(FleetFilesTest, FailureToSaveIsReported) {
  FleetFiles files(data_, fleet_);
  files.put(1, {"id-1", "sim-001", "", "one"});
  std::filesystem::remove_all(data_.dir);
  EXPECT_FALSE(files.save());
}

}  // namespace
}  // namespace stresskit::provision
