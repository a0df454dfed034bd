#include "stresskit/control/stop_flag.hpp"

#include "support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace stresskit::control {
namespace {

class StopFlagTest : public testing::Test {
 protected:
  test::TempDir folder_;
  config::Data data_{folder_.path()};
};

TEST_F(StopFlagTest, IsUpFromRaisingToRemoving) {
  EXPECT_FALSE(stop_flag_raised(data_));
  ASSERT_TRUE(raise_stop_flag(data_));
  ASSERT_TRUE(raise_stop_flag(data_));  // twice is no trouble
  EXPECT_TRUE(stop_flag_raised(data_));
  remove_stop_flag(data_);
  remove_stop_flag(data_);
  EXPECT_FALSE(stop_flag_raised(data_));
}

TEST_F(StopFlagTest, IsUpWhoeverMadeTheFile) {
  std::ofstream(data_.stop_flag()).flush();
  EXPECT_TRUE(stop_flag_raised(data_));
}

TEST_F(StopFlagTest, SaysWhyItCannotBeRaised) {
  const config::Data nowhere{folder_ / "missing"};
  EXPECT_THAT(raise_stop_flag(nowhere).error(),
              testing::AllOf(testing::HasSubstr("stop.flag"), testing::HasSubstr("No such file")));
}

}  // namespace
}  // namespace stresskit::control
