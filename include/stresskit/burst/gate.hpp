#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

namespace stresskit::burst {

/// Where the workers meet before each burst, so that they release it together and all agree
/// whether it takes place. It never blocks: a worker looks, and keeps its connections polled
/// meanwhile.
///
/// Threads: any; each worker arrives under its own number only.
class Gate {
 public:
  explicit Gate(std::size_t workers) : reached_(workers) {}

  /// No burst is admitted any more, except those that already were.
  void close() { closed_.store(true, std::memory_order_relaxed); }

  /// Whether burst `k` takes place: the first worker to ask decides for all.
  [[nodiscard]] bool admit(std::uint64_t k);

  /// `worker` is ready for burst `k`.
  void arrive(std::size_t worker, std::uint64_t k) {
    reached_[worker].bursts.store(k + 1, std::memory_order_release);
  }

  /// `worker` comes no more and holds nobody up.
  void leave(std::size_t worker) {
    reached_[worker].bursts.store(UINT64_MAX, std::memory_order_release);
  }

  /// Nobody waits for anybody any more.
  void leave_all();

  [[nodiscard]] bool all_arrived(std::uint64_t k) const;

 private:
  // Each worker writes its own cache line only, so arriving costs the others nothing.
  struct alignas(64) Reached {
    std::atomic<std::uint64_t> bursts{0};
  };

  // Admitted bursts times two, plus one once a worker was turned away.
  std::atomic<std::uint64_t> admitted_{0};
  std::atomic<bool> closed_{false};
  std::vector<Reached> reached_;
};

}  // namespace stresskit::burst
