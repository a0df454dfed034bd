#pragma once

#include "stresskit/burst/payload.hpp"
#include "stresskit/burst/plan.hpp"
#include "stresskit/fleet/device.hpp"
#include "stresskit/mqtt/connections.hpp"
#include "stresskit/support/clock.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace stresskit::burst {

/// A worker's part of the burst that comes next: how many of its devices take part, and their
/// messages, made ready a few at a time while there is time.
///
/// Threads: the worker's own.
class NextBurst {
 public:
  using Mono = support::Mono;

  struct Setup {
    std::span<const fleet::Device> devices;  ///< the worker's
    std::size_t first = 0;                   ///< where they begin in the fleet
    std::uint32_t seed = 0;
    /// What to add to a time of the monotonic clock to get the unix time that a message carries;
    /// nothing: messages carry neither time nor number.
    std::optional<Mono::duration> stamps_from{};
  };

  /// Begins with burst 0. `plan` must outlive this.
  NextBurst(const Setup& setup, const Plan& plan);

  /// Goes on to burst `k`, the one before having been published.
  void go_on_to(std::uint64_t k);
  /// Goes on to burst `k`, the one before having been missed: its messages still serve, unless they
  /// carry its number.
  void go_on_unpublished_to(std::uint64_t k);

  /// When it is due, which a stamped message says. Messages are made after this only.
  void is_due(Mono::time_point due);

  /// Makes up to `count` more messages ready.
  void prepare(mqtt::Connections& connections, std::size_t count);
  void prepare_all(mqtt::Connections& connections) { prepare(connections, taking_part_); }
  [[nodiscard]] bool all_prepared() const { return prepared_ >= taking_part_; }

  /// Whether its messages carry their due time, and so cannot be made before it is known.
  [[nodiscard]] bool stamped() const { return stamps_from_.has_value(); }
  /// How many devices take part: the first ones of the worker's.
  [[nodiscard]] std::size_t taking_part() const { return taking_part_; }
  /// Of the message that `slot` has ready.
  [[nodiscard]] std::size_t payload_bytes(mqtt::Slot slot) const {
    return devices_[slot].payload_bytes;
  }

 private:
  struct Device {
    std::string name_json;
    std::size_t payload_bytes = 0;
  };

  void count_devices();

  const Plan& plan_;
  std::size_t first_;
  std::optional<Mono::duration> stamps_from_;
  std::vector<Device> devices_;
  Payload payload_;
  std::uint64_t k_ = 0;
  std::optional<Stamp> stamp_;
  std::size_t taking_part_ = 0;
  std::size_t prepared_ = 0;  ///< the first so many of them have their message ready
};

}  // namespace stresskit::burst
