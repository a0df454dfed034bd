#include "stresskit/support/crew.hpp"

#include <utility>

namespace stresskit::support {

Crew::Crew(std::size_t workers, std::stop_token outside, Body body)
    : body_(std::move(body)),
      outside_(std::move(outside), [this] { stop_.request_stop(); }),
      running_(workers) {
  threads_.reserve(workers);
  for (std::size_t i = 0; i < workers; ++i) {
    threads_.emplace_back([this] { run(); });
  }
}

Crew::~Crew() {
  stop();
}

bool Crew::wait_for(Mono::duration at_most) {
  std::unique_lock lock(mutex_);
  return ended_.wait_for(lock, at_most, [this] { return running_ == 0; });
}

void Crew::finish() {
  threads_.clear();
  if (trouble_) {
    std::rethrow_exception(trouble_);
  }
}

void Crew::run() {
  std::exception_ptr trouble;
  try {
    body_(stop_.get_token());
  } catch (...) {
    trouble = std::current_exception();
    stop();
  }
  const std::lock_guard lock(mutex_);
  trouble_ = trouble_ ? trouble_ : trouble;
  --running_;
  ended_.notify_all();
}

}  // namespace stresskit::support
