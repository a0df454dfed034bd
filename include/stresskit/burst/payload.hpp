#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>

namespace stresskit::burst {

/// What makes a message findable among those that the server has stored.
struct Stamp {
  std::int64_t ts_ms = 0;  ///< the due time, unix milliseconds: unique for a device
  std::uint64_t seq = 0;   ///< the number of the burst
};

/// Makes the telemetry of one device and burst:
///
///     {"temperature": 24.51, "humidity": 47, "battery": 3.92, "status": "ok", "device": "sim-001"}
///
/// With a stamp the same values travel with a time of their own (without one ThingsBoard takes the
/// time of arrival, and what arrives in the same millisecond overwrites each other):
///
///     {"ts": 1782736000000, "values": {"temperature": 24.51, ..., "device": "sim-001", "seq": 7}}
///
/// temperature 20.00..30.00, humidity 35..65, battery 3.60..4.20, status "ok" or "warn" (3:1).
///
/// Threads: one owner. The text is valid until the next call; its memory is reused.
class Payload {
 public:
  explicit Payload(std::uint32_t seed) : random_(seed) {}

  /// `device_json`: the device's name as a JSON string, quotes included (see `json_string`).
  [[nodiscard]] std::string_view make(std::string_view device_json,
                                      const std::optional<Stamp>& stamp = {});

 private:
  [[nodiscard]] std::uint32_t between(std::uint32_t low, std::uint32_t high);

  std::minstd_rand random_;
  fmt::memory_buffer text_;
};

/// `text` as a JSON string, quotes included.
[[nodiscard]] std::string json_string(std::string_view text);

}  // namespace stresskit::burst
