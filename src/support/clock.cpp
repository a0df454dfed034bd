#include "stresskit/support/clock.hpp"

#include <condition_variable>
#include <mutex>

namespace stresskit::support {

namespace {

class RealClock final : public Clock {
 public:
  [[nodiscard]] Mono::time_point now() const override { return Mono::now(); }
  [[nodiscard]] Wall::time_point wall() const override { return Wall::now(); }

  bool wait_until(Mono::time_point until, std::stop_token stop) override {
    std::mutex mutex;
    std::condition_variable_any woken;
    std::unique_lock lock(mutex);
    return !woken.wait_until(lock, stop, until, [&] { return stop.stop_requested(); }) &&
           !stop.stop_requested();
  }

  void spin_until(Mono::time_point until) override {
    while (Mono::now() < until) {
    }
  }
};

}  // namespace

Clock& real_clock() {
  static RealClock clock;
  return clock;
}

double unix_seconds(Wall::time_point at) {
  return std::chrono::duration<double>(at.time_since_epoch()).count();
}

}  // namespace stresskit::support
