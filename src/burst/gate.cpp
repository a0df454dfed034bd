#include "stresskit/burst/gate.hpp"

#include <algorithm>

namespace stresskit::burst {

bool Gate::admit(std::uint64_t k) {
  std::uint64_t word = admitted_.load();
  for (;;) {
    const bool ended = (word & 1U) != 0;
    if (word / 2 > k) {
      return true;
    }
    if (ended) {
      return false;
    }
    const bool closing = closed_.load(std::memory_order_relaxed);
    const std::uint64_t decided = closing ? word | 1U : (k + 1) * 2;
    // On failure `word` holds what another worker decided meanwhile.
    if (admitted_.compare_exchange_weak(word, decided)) {
      return !closing;
    }
  }
}

void Gate::leave_all() {
  for (std::size_t worker = 0; worker < reached_.size(); ++worker) {
    leave(worker);
  }
}

bool Gate::all_arrived(std::uint64_t k) const {
  return std::all_of(reached_.begin(), reached_.end(), [k](const Reached& worker) {
    return worker.bursts.load(std::memory_order_acquire) > k;
  });
}

}  // namespace stresskit::burst
