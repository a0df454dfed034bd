#include "burst/run_board.hpp"

#include <utility>

namespace stresskit::burst {

void RunBoard::ready(std::uint64_t connected, Mono::time_point now, Mono::duration lead_time) {
  connected_.fetch_add(connected);
  // Sequentially consistent, so the last worker sees what all others added.
  if (not_ready_.fetch_sub(1) == 1 && connected_.load() > 0) {
    first_due_.store((now + lead_time).time_since_epoch().count());
  }
}

void RunBoard::request_stop(Mono::time_point now) {
  // First, so that whoever sees the stop finds no burst admitted after it.
  gate.close();
  Mono::rep expected = unknown;
  stop_at_.compare_exchange_strong(expected, now.time_since_epoch().count());
}

void RunBoard::fail(std::exception_ptr why) {
  {
    const std::lock_guard lock(failure_mutex_);
    if (!failure_) {
      failure_ = std::move(why);
    }
  }
  request_stop(Mono::now());
  gate.leave_all();
  finished();
}

void RunBoard::rethrow_failure() const {
  if (failure_) {
    std::rethrow_exception(failure_);
  }
}

}  // namespace stresskit::burst
