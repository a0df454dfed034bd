#include "burst/retransmits.hpp"

#include <algorithm>

namespace stresskit::burst {

void Retransmits::ask(const mqtt::Connections& connections, std::size_t count) {
  for (std::size_t i = 0; i < std::min(count, known_.size()); ++i) {
    const std::size_t slot = next_;
    next_ = slot + 1 == known_.size() ? 0 : slot + 1;
    if (known_[slot] != closed) {
      const std::uint32_t now = connections.retransmits(static_cast<mqtt::Slot>(slot));
      total_ += now - std::min(now, known_[slot]);
      known_[slot] = now;
    }
  }
}

}  // namespace stresskit::burst
