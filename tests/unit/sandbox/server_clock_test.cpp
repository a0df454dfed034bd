#include "sandbox/server_clock.hpp"

#include <gtest/gtest.h>

namespace stresskit::sandbox {
namespace {

using namespace std::chrono_literals;

TEST(ServerClock, CanBeOffByMinutes) {
  const std::int64_t right = now_ms();
  set_clock_offset(-5min);
  const std::int64_t wrong = now_ms();
  const std::string date = http_date();
  set_clock_offset(0ms);
  EXPECT_LT(wrong, right - 4 * 60'000);
  EXPECT_NE(date, http_date());
  EXPECT_GE(now_ms(), right);
}

TEST(ServerClock, WritesTheDateAsHttpDoes) {
  EXPECT_EQ(http_date().size(), std::string("Sun, 06 Nov 1994 08:49:37 GMT").size());
  EXPECT_TRUE(http_date().ends_with(" GMT"));
}

}  // namespace
}  // namespace stresskit::sandbox
