#include "stresskit/thingsboard/retry.hpp"

#include "stresskit/support/format.hpp"
#include "stresskit/support/log.hpp"

#include <algorithm>
#include <chrono>
#include <random>

namespace stresskit::thingsboard {

namespace {

using namespace std::chrono_literals;

constexpr support::Mono::duration longest_pause = 60s;
constexpr support::Mono::duration warning_distance = 10s;

}  // namespace

Retry::Retry(Patience patience, ServerMood& mood, support::Clock& clock, std::stop_token stop)
    : retries_(patience.retries),
      backoff_(patience.first_pause, std::max(patience.first_pause, longest_pause)),
      mood_(mood),
      clock_(clock),
      stop_(std::move(stop)),
      random_(std::random_device{}()) {}

void Retry::note(const ApiError& error) {
  if (error.http_status != 0) {
    mood_.was_up = true;
  }
  mood_.rate_limited += error.kind == ErrorKind::rate_limited ? 1U : 0U;
}

bool Retry::may_pass(ErrorKind kind) const {
  return is_transient(kind) || (is_unreached(kind) && mood_.was_up);
}

bool Retry::wait_while_quiet() {
  const support::Mono::time_point until{support::Mono::duration(mood_.quiet_until.load())};
  return until <= clock_.now() ? !stop_.stop_requested() : clock_.wait_until(until, stop_);
}

bool Retry::pause(std::uint32_t attempt, const ApiError& error) {
  support::Mono::duration delay = backoff_.delay(attempt, random_);
  if (error.retry_after) {
    delay = std::max(delay, std::min<support::Mono::duration>(*error.retry_after, longest_pause));
  }
  warn(error, delay);
  const support::Mono::time_point until = clock_.now() + delay;
  if (error.kind == ErrorKind::rate_limited) {
    const support::Mono::rep wished = until.time_since_epoch().count();
    support::Mono::rep seen = mood_.quiet_until;
    while (seen < wished && !mood_.quiet_until.compare_exchange_weak(seen, wished)) {
    }
  }
  return clock_.wait_until(until, stop_);
}

void Retry::warn(const ApiError& error, support::Mono::duration delay) {
  const support::Mono::time_point now = clock_.now();
  support::Mono::rep due = mood_.next_warning;
  const support::Mono::rep next = (now + warning_distance).time_since_epoch().count();
  if (now.time_since_epoch().count() >= due &&
      mood_.next_warning.compare_exchange_strong(due, next)) {
    support::warn("{} failed: {}; trying again in {}", error.request, to_string(error),
                  support::format_duration(delay));
  }
}

ApiError Retry::stopped() {
  ApiError error;
  error.kind = ErrorKind::stopped;
  return error;
}

}  // namespace stresskit::thingsboard
