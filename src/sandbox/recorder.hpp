#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace stresskit::sandbox {

/// What came in over MQTT: the number to hold against what a client says was acknowledged. A
/// message counts when the transport has handed it over, which is before its PUBACK.
///
/// Threads: every method may be called from any thread.
class Recorder {
 public:
  void opened(std::uint64_t session, std::string_view device);
  void closed(std::uint64_t session);
  /// The transport is gone, and with it every session.
  void all_closed();
  void message(const std::string& device);
  /// Forgets a device's count; the totals keep it.
  void forget(const std::string& device);

  struct Totals {
    std::uint64_t messages = 0;         ///< telemetry and attribute messages
    std::uint64_t sessions = 0;         ///< open now
    std::uint64_t sessions_opened = 0;  ///< since the start
  };
  [[nodiscard]] Totals totals() const;
  /// Messages by device id.
  [[nodiscard]] std::unordered_map<std::string, std::uint64_t> messages() const;

 private:
  mutable std::mutex mutex_;
  // guarded by mutex_
  Totals totals_;
  std::unordered_map<std::uint64_t, std::string> sessions_;
  std::unordered_map<std::string, std::uint64_t> messages_;
};

}  // namespace stresskit::sandbox
