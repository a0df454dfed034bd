#include "stresskit/support/crew.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>

namespace stresskit::support {
namespace {

using namespace std::chrono_literals;

/// Holds a body until its stop is requested.
void wait_for_stop(const std::stop_token& stop) {
  std::atomic<bool> asked = false;
  const std::stop_callback wake(stop, [&] {
    asked = true;
    asked.notify_all();
  });
  asked.wait(false);
}

TEST(Crew, RunsTheBodyOnceInEveryThread) {
  std::atomic<int> runs = 0;
  Crew crew(4, {}, [&](std::stop_token) { ++runs; });
  EXPECT_TRUE(crew.wait_for(30s));
  crew.finish();
  EXPECT_EQ(runs, 4);
}

TEST(Crew, WaitingComesBackWhileBodiesRun) {
  Crew crew(2, {}, [](std::stop_token stop) { wait_for_stop(stop); });
  EXPECT_FALSE(crew.wait_for(1ms));
  crew.stop();
  EXPECT_TRUE(crew.wait_for(30s));
}

TEST(Crew, StopFromOutsideReachesEveryBody) {
  std::stop_source outside;
  Crew crew(3, outside.get_token(), [](std::stop_token stop) { wait_for_stop(stop); });
  outside.request_stop();
  EXPECT_TRUE(crew.wait_for(30s));
}

TEST(Crew, FirstExceptionStopsTheOthersAndComesOut) {
  std::atomic<int> next = 0;
  Crew crew(3, {}, [&](std::stop_token stop) {
    if (next++ == 0) {
      throw std::runtime_error("broken");
    }
    wait_for_stop(stop);
  });
  EXPECT_TRUE(crew.wait_for(30s));
  EXPECT_THROW(crew.finish(), std::runtime_error);
}

}  // namespace
}  // namespace stresskit::support
