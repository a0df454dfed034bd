#include "stresskit/control/stop_requests.hpp"

#include "support/temp_dir.hpp"

#include "stresskit/control/stop_flag.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

namespace stresskit::control {
namespace {

using namespace std::chrono_literals;

/// Whether a stop is requested before a deadline that only a broken program misses.
bool comes(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock(mutex);
  woken.wait_for(lock, stop, 30s, [] { return false; });
  return stop.stop_requested();
}

TEST(StopRequests, TheFlagAsks) {
  const test::TempDir dir;
  const config::Data data{dir.path()};
  const StopRequests asked(data, {});
  EXPECT_FALSE(asked.token().stop_requested());
  ASSERT_TRUE(raise_stop_flag(data));
  EXPECT_TRUE(comes(asked.token()));
}

TEST(StopRequests, TheSignalAsks) {
  const test::TempDir dir;
  std::stop_source signal;
  const StopRequests asked(config::Data{dir.path()}, signal.get_token());
  signal.request_stop();
  EXPECT_TRUE(asked.token().stop_requested());
}

TEST(StopRequests, ASignalGivenBeforeCounts) {
  const test::TempDir dir;
  std::stop_source signal;
  signal.request_stop();
  const StopRequests asked(config::Data{dir.path()}, signal.get_token());
  EXPECT_TRUE(asked.token().stop_requested());
}

}  // namespace
}  // namespace stresskit::control
