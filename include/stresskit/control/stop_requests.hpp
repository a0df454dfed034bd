#pragma once

#include "stresskit/config/settings.hpp"

#include <functional>
#include <stop_token>
#include <thread>

namespace stresskit::control {

/// Both ways to ask a run to stop as one token: the signal's token and the stop flag, looked at
/// five times a second. For what a run does before and after its bursts, which look for themselves.
///
/// Threads: one of its own.
class StopRequests {
 public:
  StopRequests(const config::Data& data, const std::stop_token& signal);

  [[nodiscard]] std::stop_token token() const { return asked_.get_token(); }

 private:
  std::stop_source asked_;
  std::stop_callback<std::function<void()>> on_signal_;
  std::jthread flag_;  // last: it uses what is above
};

}  // namespace stresskit::control
