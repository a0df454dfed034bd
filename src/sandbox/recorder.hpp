#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace stresskit::sandbox {

/// What a telemetry message said of itself, and what became of it.
struct Receipt {
  std::int64_t ts = 0;              ///< of its first row, milliseconds since 1970
  std::optional<std::int64_t> seq;  ///< the value of the key `seq`, if it has a whole number there
  bool stored = false;
};

/// What came in over MQTT and what of it was stored: the truth to hold against what a client says
/// was acknowledged, and what a tool says is missing. A message counts when the transport has
/// handed it over, which is before its PUBACK; as stored when its rows are in the store.
///
/// Threads: every method may be called from any thread.
class Recorder {
 public:
  void opened(std::uint64_t session, std::string_view device);
  void closed(std::uint64_t session);
  /// The transport is gone, and with it every session.
  void all_closed();

  /// Attributes.
  void message(const std::string& device);
  /// Returns the receipt's number in the list of the device.
  std::size_t telemetry(const std::string& device, const Receipt& receipt);
  void stored(const std::string& device, std::size_t receipt);
  /// Forgets a device's messages; the totals keep them.
  void forget(const std::string& device);

  struct Totals {
    std::uint64_t messages = 0;         ///< telemetry and attribute messages
    std::uint64_t stored = 0;           ///< telemetry messages
    std::uint64_t sessions = 0;         ///< open now
    std::uint64_t sessions_opened = 0;  ///< since the start
  };
  [[nodiscard]] Totals totals() const;
  /// Messages by device id.
  [[nodiscard]] std::unordered_map<std::string, std::uint64_t> messages() const;
  /// The telemetry messages of a device in the order of their arrival.
  [[nodiscard]] std::vector<Receipt> receipts(const std::string& device) const;

 private:
  struct Heard {
    std::uint64_t messages = 0;
    std::vector<Receipt> receipts;
  };

  mutable std::mutex mutex_;
  // guarded by mutex_
  Totals totals_;
  std::unordered_map<std::uint64_t, std::string> sessions_;
  std::unordered_map<std::string, Heard> devices_;
};

}  // namespace stresskit::sandbox
