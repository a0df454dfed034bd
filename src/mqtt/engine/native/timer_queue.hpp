#pragma once

#include "stresskit/mqtt/connections.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace stresskit::mqtt::native {

/// One alarm a slot. Setting costs nothing when the alarm only moves into the future, which is
/// what keep-alive does with every message; nothing ever looks at all slots.
class TimerQueue {
 public:
  explicit TimerQueue(std::size_t slots);

  void set(Slot slot, Mono::time_point at);
  void cancel(Slot slot);

  /// A slot whose alarm is due, which is thereby cancelled; nothing when none is.
  [[nodiscard]] std::optional<Slot> pop_due(Mono::time_point now);

  /// No alarm is due before this time (it may be earlier than the earliest one).
  [[nodiscard]] Mono::time_point next() const;

 private:
  struct Entry {
    Mono::time_point at;
    Slot slot = 0;
  };
  static constexpr Mono::time_point never = Mono::time_point::max();

  void push(Slot slot, Mono::time_point at);
  Entry pop();

  std::vector<Entry> heap_;               ///< earliest first
  std::vector<Mono::time_point> wanted_;  ///< when each slot wants to be woken
  /// The slot's earliest entry in the heap. Never later than `wanted_`; entries at other times
  /// are left-overs.
  std::vector<Mono::time_point> armed_;
};

}  // namespace stresskit::mqtt::native
