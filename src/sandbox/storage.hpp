#pragma once

#include "sandbox/device_registry.hpp"
#include "sandbox/recorder.hpp"
#include "sandbox/server_figures.hpp"
#include "sandbox/storage_backlog.hpp"
#include "sandbox/telemetry_store.hpp"

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <stop_token>
#include <thread>

namespace stresskit::sandbox {

/// The way from an acknowledged message to the store, which can lie and be slow, and tells the
/// recorder what it really stored. What is due at once is stored by the caller; a thread of its own
/// stores what is due later.
///
/// Threads: every method may be called from any thread.
class Storage {
 public:
  /// All are lent for the life of the storage.
  Storage(const DeviceRegistry& devices, TelemetryStore& store, Recorder& recorder,
          ServerFigures& figures);

  void configure(const StorageBehaviour& behaviour);

  /// One acknowledged message of telemetry.
  void accept(AcceptedMessage message);

  /// The server was stopped or killed, and its queue with it.
  void server_ended();

  /// How long rows are kept; 0: for ever.
  [[nodiscard]] std::chrono::milliseconds ttl() const;
  /// Messages that wait.
  [[nodiscard]] std::size_t backlog() const;
  /// Their rows.
  [[nodiscard]] std::size_t waiting_rows() const;
  /// Whether they wait before the database rather than before the rule engine.
  [[nodiscard]] bool waits_in_database() const;

 private:
  void run(std::stop_token stop);
  void store_due();

  const DeviceRegistry& devices_;
  TelemetryStore& store_;
  Recorder& recorder_;
  ServerFigures& figures_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  // guarded by mutex_
  StorageBacklog backlog_;
  std::chrono::milliseconds ttl_{0};
  bool waits_in_database_ = false;
  std::uint64_t configured_ = 0;  ///< times; wakes the thread when the due time has moved

  std::jthread thread_;  // last: it uses everything above
};

}  // namespace stresskit::sandbox
