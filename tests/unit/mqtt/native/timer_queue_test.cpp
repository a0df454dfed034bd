#include "mqtt/engine/native/timer_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace stresskit::mqtt::native {
namespace {

using namespace std::chrono_literals;

constexpr Mono::time_point start{1000s};

TEST(TimerQueue, GivesDueSlotsOnceAndInOrder) {
  TimerQueue timers(3);
  timers.set(0, start + 2s);
  timers.set(1, start + 1s);
  timers.set(2, start + 3s);
  EXPECT_EQ(timers.next(), start + 1s);
  EXPECT_EQ(timers.pop_due(start), std::nullopt);
  EXPECT_EQ(timers.pop_due(start + 2s), 1U);
  EXPECT_EQ(timers.pop_due(start + 2s), 0U);
  EXPECT_EQ(timers.pop_due(start + 2s), std::nullopt);
}

TEST(TimerQueue, AlarmMayMoveBothWays) {
  TimerQueue timers(1);
  timers.set(0, start + 5s);
  timers.set(0, start + 9s);
  EXPECT_EQ(timers.pop_due(start + 8s), std::nullopt);
  EXPECT_EQ(timers.next(), start + 9s);
  timers.set(0, start + 8s);
  EXPECT_EQ(timers.pop_due(start + 8s), 0U);
  EXPECT_EQ(timers.pop_due(start + 20s), std::nullopt);
}

TEST(TimerQueue, CancelledAlarmNeverComes) {
  TimerQueue timers(1);
  timers.set(0, start + 1s);
  timers.cancel(0);
  EXPECT_EQ(timers.pop_due(start + 2s), std::nullopt);
  EXPECT_EQ(timers.next(), Mono::time_point::max());
  timers.set(0, start + 3s);
  EXPECT_EQ(timers.pop_due(start + 3s), 0U);
}

// Against a plain list of alarms that is searched.
TEST(TimerQueue, BehavesAsASearchedList) {
  constexpr Slot slots = 20;
  std::mt19937 random(4711);
  TimerQueue timers(slots);
  std::vector<Mono::time_point> expected(slots, Mono::time_point::max());
  Mono::time_point now = start;
  for (int i = 0; i < 20'000; ++i) {
    const Slot slot = static_cast<Slot>(random() % slots);
    if (random() % 10 == 0) {
      timers.cancel(slot);
      expected[slot] = Mono::time_point::max();
    } else {
      expected[slot] = now + std::chrono::milliseconds(random() % 1'000);
      timers.set(slot, expected[slot]);
    }
    ASSERT_LE(timers.next(), std::ranges::min(expected));
    now += std::chrono::milliseconds(random() % 100);
    while (const auto due = timers.pop_due(now)) {
      ASSERT_LE(expected[*due], now);
      expected[*due] = Mono::time_point::max();
    }
    ASSERT_GT(std::ranges::min(expected), now) << "one was not given";
  }
}

}  // namespace
}  // namespace stresskit::mqtt::native
