#pragma once

#include "stresskit/support/clock.hpp"

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace stresskit::support {

/// Some worker threads that run the same body, each once. The owner waits for them in portions, so
/// that it can save and show progress in between.
///
/// A stop requested outside, or through `stop`, reaches every body through its token. The first
/// exception of a body stops the others and comes out of `finish`.
class Crew {
 public:
  using Body = std::function<void(std::stop_token)>;

  Crew(std::size_t workers, std::stop_token outside, Body body);
  ~Crew();  ///< stops and joins

  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  void stop() { stop_.request_stop(); }

  /// Waits for `at_most`; whether every body has ended.
  [[nodiscard]] bool wait_for(Mono::duration at_most);

  /// Joins, and throws what a body threw.
  void finish();

 private:
  void run();

  Body body_;
  std::stop_source stop_;
  std::stop_callback<std::function<void()>> outside_;
  std::mutex mutex_;
  std::condition_variable ended_;
  // State below is guarded by mutex_.
  std::size_t running_;
  std::exception_ptr trouble_;

  std::vector<std::jthread> threads_;  // last: they use everything above
};

}  // namespace stresskit::support
