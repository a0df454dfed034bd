#pragma once

#include "stresskit/mqtt/connections.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace stresskit::test {

/// Writes down what a `poll` reports, in order.
class RecordedEvents : public mqtt::Events {
 public:
  enum class What { connected, refused, acknowledged, rejected, lost };

  struct Event {
    What what;
    mqtt::Slot slot;
    mqtt::MessageId id = 0;
    fleet::Failure failure = {};
    std::optional<mqtt::MessageId> unfinished = {};
    mqtt::Accepted accepted = {};
  };

  void connected(mqtt::Slot slot, const mqtt::Accepted& accepted, mqtt::Mono::time_point) override {
    all.push_back({.what = What::connected, .slot = slot, .accepted = accepted});
  }
  void refused(mqtt::Slot slot, const fleet::Failure& failure, mqtt::Mono::time_point) override {
    all.push_back({.what = What::refused, .slot = slot, .failure = failure});
  }
  void acknowledged(mqtt::Slot slot, mqtt::MessageId id, mqtt::Mono::time_point) override {
    all.push_back({.what = What::acknowledged, .slot = slot, .id = id});
  }
  void rejected(mqtt::Slot slot, mqtt::MessageId id, const fleet::Failure& failure,
                mqtt::Mono::time_point) override {
    all.push_back({.what = What::rejected, .slot = slot, .id = id, .failure = failure});
  }
  void lost(mqtt::Slot slot, const fleet::Failure& failure,
            std::optional<mqtt::MessageId> unfinished, mqtt::Mono::time_point) override {
    all.push_back({.what = What::lost, .slot = slot, .failure = failure, .unfinished = unfinished});
  }

  [[nodiscard]] std::size_t count(What what) const {
    return static_cast<std::size_t>(std::ranges::count(all, what, &Event::what));
  }

  /// The first event of this kind, or null.
  [[nodiscard]] const Event* first(What what) const {
    const auto found = std::ranges::find(all, what, &Event::what);
    return found == all.end() ? nullptr : &*found;
  }

  std::vector<Event> all;
};

/// Polls until `done` or until `patience` is over. Returns whether it was done.
inline bool poll_until(mqtt::Connections& connections, mqtt::Events& events,
                       const std::function<bool()>& done,
                       std::chrono::seconds patience = std::chrono::seconds(20)) {
  const auto deadline = mqtt::Mono::now() + patience;
  while (!done()) {
    if (mqtt::Mono::now() >= deadline) {
      return false;
    }
    connections.poll(std::min(deadline, mqtt::Mono::now() + std::chrono::milliseconds(50)), events);
  }
  return true;
}

}  // namespace stresskit::test
