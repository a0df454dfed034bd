#include "stresskit/metrics/idle.hpp"

#include "support/manual_clock.hpp"
#include "support/temp_dir.hpp"

#include "stresskit/support/files.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace stresskit::metrics {
namespace {

TEST(Idle, LeavesAFriendlyFileWithNothingOfARun) {
  const test::TempDir dir;
  const config::Data data{dir.path()};
  test::ManualClock clock;
  ASSERT_TRUE(write_idle(data, 100, clock));
  const auto json = nlohmann::json::parse(*support::read_file(data.metrics()));
  EXPECT_EQ(json["status"], "idle");
  EXPECT_FALSE(json["message"].get<std::string>().empty());
  EXPECT_EQ(json["device_count"], 100);
  EXPECT_TRUE(json["run_id"].is_null());
  EXPECT_TRUE(json["phase"].is_null());
}

}  // namespace
}  // namespace stresskit::metrics
