#pragma once

#include "stresskit/mqtt/connections.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace stresskit::burst {

/// Counts the segments that a worker's connections had to send again (TCP_INFO), some connections
/// at a time, for asking costs a system call each. Only what came on top counts; a connection that
/// ends takes with it what it had since it was last asked.
///
/// Threads: the worker's own.
class Retransmits {
 public:
  explicit Retransmits(std::size_t devices) : known_(devices, closed) {}

  void connected(mqtt::Slot slot) { known_[slot] = 0; }
  void lost(mqtt::Slot slot) { known_[slot] = closed; }

  /// Asks the next `count` connections.
  void ask(const mqtt::Connections& connections, std::size_t count);
  void ask_all(const mqtt::Connections& connections) { ask(connections, known_.size()); }

  [[nodiscard]] std::uint64_t total() const { return total_; }

 private:
  static constexpr std::uint32_t closed = UINT32_MAX;

  std::vector<std::uint32_t> known_;  ///< by slot: what its connection said last
  std::size_t next_ = 0;
  std::uint64_t total_ = 0;
};

}  // namespace stresskit::burst
