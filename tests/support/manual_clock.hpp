#pragma once

#include "stresskit/support/clock.hpp"

#include <atomic>
#include <chrono>

namespace stresskit::test {

/// A clock that stands still until the test moves it. A wait moves it to the time waited for, so
/// code that sleeps takes no time.
class ManualClock final : public support::Clock {
 public:
  [[nodiscard]] support::Mono::time_point now() const override {
    return support::Mono::time_point(support::Mono::duration(now_.load()));
  }
  [[nodiscard]] support::Wall::time_point wall() const override {
    return support::Wall::time_point(std::chrono::duration_cast<support::Wall::duration>(
        wall_offset_ + now().time_since_epoch()));
  }
  bool wait_until(support::Mono::time_point until, std::stop_token stop) override {
    if (stop.stop_requested()) {
      return false;
    }
    if (until > now()) {
      now_ = until.time_since_epoch().count();
    }
    return true;
  }

  void spin_until(support::Mono::time_point until) override {
    wait_until(until, std::stop_token());
  }

  void advance(support::Mono::duration by) { now_ += by.count(); }

 private:
  std::atomic<support::Mono::rep> now_{
      std::chrono::nanoseconds(std::chrono::seconds(1'000)).count()};
  // 2026-11-23T10:15:00Z at the clock's start.
  std::chrono::nanoseconds wall_offset_{std::chrono::seconds(1'795'428'900 - 1'000)};
};

}  // namespace stresskit::test
