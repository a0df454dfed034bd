#pragma once

#include "stresskit/support/backoff.hpp"
#include "stresskit/support/clock.hpp"
#include "stresskit/thingsboard/error.hpp"

#include <atomic>
#include <cstdint>
#include <stop_token>
#include <utility>

namespace stresskit::thingsboard {

/// What the workers of one command know together about the server.
///
/// Threads: all members may be used by all of them.
struct ServerMood {
  /// When the server limits our rate, everybody waits until here: more requests only prolong it.
  std::atomic<support::Mono::rep> quiet_until{
      support::Mono::time_point::min().time_since_epoch().count()};
  std::atomic<support::Mono::rep> next_warning{
      support::Mono::time_point::min().time_since_epoch().count()};
  /// It has answered before: when it cannot be reached then, it restarts; the address is right.
  std::atomic<bool> was_up{false};
  std::atomic<std::uint64_t> rate_limited{0};  ///< answers 429 so far
};

/// How often a failed call is tried again, and after which pause the first time; it doubles with
/// every further one, up to a minute.
struct Patience {
  std::uint32_t retries = 0;
  support::Mono::duration first_pause{};
};

/// Calls again what failed for a passing reason, with exponential back-off and jitter: time-outs,
/// cut connections, 429, 502, 503, 504, and a server that was up before and cannot be reached.
///
/// Threads: one worker owns it.
class Retry {
 public:
  Retry(Patience patience, ServerMood& mood, support::Clock& clock, std::stop_token stop);

  /// The answer of `call` when it succeeds, fails for good, or has used up its retries; an error of
  /// kind `stopped` when a stop came first.
  template <class Call>
  auto operator()(Call call) -> decltype(call()) {
    for (std::uint32_t attempt = 0;; ++attempt) {
      if (!wait_while_quiet()) {
        return support::failure(stopped());
      }
      auto answer = call();
      if (answer) {
        mood_.was_up = true;
        return answer;
      }
      note(answer.error());
      if (attempt >= retries_ || !may_pass(answer.error().kind)) {
        return answer;
      }
      if (!pause(attempt, answer.error())) {
        return support::failure(stopped());
      }
    }
  }

 private:
  void note(const ApiError& error);
  [[nodiscard]] bool may_pass(ErrorKind kind) const;
  bool wait_while_quiet();
  bool pause(std::uint32_t attempt, const ApiError& error);
  void warn(const ApiError& error, support::Mono::duration delay);
  [[nodiscard]] static ApiError stopped();

  const std::uint32_t retries_;
  const support::Backoff backoff_;
  ServerMood& mood_;
  support::Clock& clock_;
  std::stop_token stop_;
  support::Backoff::Random random_;
};

}  // namespace stresskit::thingsboard
