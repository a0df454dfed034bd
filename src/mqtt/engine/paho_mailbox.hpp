#pragma once

#include "stresskit/fleet/failure.hpp"
#include "stresskit/mqtt/connections.hpp"

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

namespace stresskit::mqtt {

/// One thing that Paho told us. `attempt` says which connection of the slot it is about: what an
/// earlier one still has to say is of no interest.
struct PahoRecord {
  enum class What { connected, refused, acknowledged, lost, disconnected };

  What what = What::connected;
  Slot slot = 0;
  std::uint32_t attempt = 0;
  MessageId id = 0;
  Mono::time_point at;
  fleet::Failure failure;
};

/// The only thing that Paho's threads and the owner of the connections share.
///
/// Threads: `push` from any, `take` from the owner alone.
class PahoMailbox {
 public:
  void push(PahoRecord record) {
    {
      const std::lock_guard lock(mutex_);
      records_.push_back(std::move(record));
    }
    arrived_.notify_one();
  }

  /// Waits until there is something, or until `until`; swaps it all into `into`, which must be
  /// empty and whose memory is used for what comes next.
  void take(std::vector<PahoRecord>& into, Mono::time_point until) {
    std::unique_lock lock(mutex_);
    arrived_.wait_until(lock, until, [this] { return !records_.empty(); });
    records_.swap(into);
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<PahoRecord> records_;  // guarded by mutex_
};

}  // namespace stresskit::mqtt
