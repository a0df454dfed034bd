#pragma once

#include "sandbox/platform.hpp"
#include "sandbox/rest_call.hpp"
#include "sandbox/rest_faults.hpp"
#include "sandbox/router.hpp"

#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace stresskit::sandbox {

/// From a request to its answer, before and behind the endpoints: faults, tokens, rights, unknown
/// paths, and the one place where refusals become answers. Knows nothing of sockets.
///
/// Threads: `answer` may be called from any thread once the routes are there.
class RestFront {
 public:
  RestFront(Platform& platform, RestFaults& faults, Router& router)
      : platform_(platform), faults_(faults), router_(router) {}

  [[nodiscard]] Answer answer(RestCall call);

  /// Ends every delay in progress, for good.
  void stop() { stop_.request_stop(); }

 private:
  [[nodiscard]] Answer carry_out(RestCall& call) const;
  [[nodiscard]] Answer route(RestCall& call) const;
  [[nodiscard]] Caller authenticate(const RestCall& call) const;
  void wait(std::chrono::milliseconds delay);

  Platform& platform_;
  RestFaults& faults_;
  Router& router_;
  std::stop_source stop_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
};

}  // namespace stresskit::sandbox
