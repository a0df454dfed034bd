#pragma once

#include "stresskit/mqtt/connections.hpp"

#include <memory>
#include <utility>

namespace stresskit::test {

/// Real connections behind a test that changes one thing about them.
class WrappedConnections : public mqtt::Connections {
 public:
  explicit WrappedConnections(std::unique_ptr<mqtt::Connections> real) : real_(std::move(real)) {}

  void open(mqtt::Slot slot) override { real_->open(slot); }
  bool prepare(mqtt::Slot slot, std::string_view payload) override {
    return real_->prepare(slot, payload);
  }
  [[nodiscard]] bool seals() const override { return real_->seals(); }
  void seal(mqtt::Slot slot) override { real_->seal(slot); }
  support::Result<mqtt::MessageId, fleet::Failure> publish(mqtt::Slot slot) override {
    return real_->publish(slot);
  }
  [[nodiscard]] std::optional<mqtt::MessageId> unfinished(mqtt::Slot slot) const override {
    return real_->unfinished(slot);
  }
  void poll(support::Mono::time_point until, mqtt::Events& events) override {
    real_->poll(until, events);
  }
  void close(mqtt::Slot slot) override { real_->close(slot); }
  void shutdown(support::Mono::time_point deadline) override { real_->shutdown(deadline); }
  [[nodiscard]] std::uint32_t retransmits(mqtt::Slot slot) const override {
    return real_->retransmits(slot);
  }
  [[nodiscard]] std::string_view write_time() const override { return real_->write_time(); }

 private:
  std::unique_ptr<mqtt::Connections> real_;
};

}  // namespace stresskit::test
