#pragma once

#include "stresskit/metrics/figures.hpp"
#include "stresskit/support/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace stresskit::metrics {

/// A limit that the run has probably met.
struct Limit {
  std::string name;      ///< what it is called where it is set
  std::string evidence;  ///< what was seen
  std::string setting;   ///< what to change, and where

  friend bool operator==(const Limit&, const Limit&) = default;
};

/// What limits are recognised by: how connections ended and attempts were refused.
struct LimitEvidence {
  std::uint64_t devices = 0;
  std::uint64_t addresses = 1;  ///< of ours that we connected from
  double interval_s = 0;
  // Accepted connections that the server ended.
  std::uint64_t closings = 0;
  std::map<std::uint32_t, std::uint64_t> closed_after;  ///< messages sent on it -> how many
  std::uint64_t most_at_once = 0;                       ///< within one second
  std::uint64_t cut_off = 0;       ///< closings that left a message without its PUBACK
  std::uint64_t taken_over = 0;    ///< for another client with the same token (MQTT 5: 0x8E)
  std::uint64_t closed_again = 0;  ///< devices closed in good order, cut off nothing, twice or more
  // Attempts to connect, repeated ones too.
  std::uint64_t most_connected = 0;
  std::uint64_t refused_unavailable = 0;  ///< CONNACK 3 (MQTT 5: 0x88, 0x89, 0x97, 0x9F)
  std::uint64_t refused_unknown = 0;      ///< CONNACK 5 (MQTT 5: 0x86, 0x87)
  std::uint64_t refused_tcp = 0;          ///< nobody listened
  std::uint64_t closed_unanswered = 0;    ///< closed by the server before a CONNACK
  std::uint64_t unreachable = 0;          ///< no way to the server: no route, unknown name
  /// How many devices had been accepted when one was first refused with CONNACK 3.
  std::optional<std::uint64_t> accepted_before_unavailable;
  std::uint64_t rest_rate_limited = 0;  ///< answers 429 of the REST interface
};

/// The limits that the evidence points to, the surest first; none when nothing was cut off. The
/// names are those of a tenant profile of ThingsBoard, of its `thingsboard.yml`, or of the proxy
/// its docker set-up puts in front.
///
/// Pure.
[[nodiscard]] std::vector<Limit> limits(const LimitEvidence& evidence);

/// Collects the evidence from the devices' changes of state, in the order of time.
///
/// Threads: none.
class LimitWatch {
 public:
  /// `device`: its index in the whole fleet; `before`: the state that it had; `failure`: why it
  /// changed, if anything failed.
  void note(std::size_t device, const StateChange& change, DeviceState before,
            const fleet::Failure* failure);

  /// What was seen so far, with the refusals that `failures` counts. The facts of the run are left
  /// to the caller.
  [[nodiscard]] LimitEvidence evidence(const std::vector<FailureCount>& failures) const;

 private:
  void note_closing(std::size_t device, const StateChange& change, const fleet::Failure* failure);

  LimitEvidence seen_;
  std::uint64_t connected_ = 0;
  std::uint64_t accepted_ = 0;
  Mono::time_point second_began_{};
  std::uint64_t in_this_second_ = 0;
  std::vector<std::uint32_t> closed_in_order_;  ///< by device; as long as the highest one seen
};

}  // namespace stresskit::metrics
