#pragma once

#include "support/manual_clock.hpp"

#include "stresskit/mqtt/connections.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace stresskit::test {

/// A server that is a few numbers: accepts after `connack`, acknowledges after `puback`, unless
/// the test says otherwise. `poll` moves the clock to what happens next, so a run takes no time.
class FakeConnections final : public mqtt::Connections {
 public:
  using Mono = support::Mono;
  using Slot = mqtt::Slot;

  FakeConnections(std::size_t devices, ManualClock& clock) : clock_(clock), devices_(devices) {}

  Mono::duration connack = std::chrono::milliseconds(5);
  Mono::duration puback = std::chrono::milliseconds(10);
  std::function<Mono::duration()> puback_of_message;  ///< instead of `puback`, where it varies
  bool takes_notes = true;  ///< of what was published and when; an hour's would fill the memory
  Mono::duration write = std::chrono::microseconds(10);  ///< what one publish takes
  std::function<bool(Slot)> refuses = [](Slot) { return false; };
  std::function<bool(Slot)> acknowledges = [](Slot) { return true; };

  bool tls = false;                                       ///< whether messages are sealed,
  Mono::duration sealing = std::chrono::microseconds(5);  ///< which takes so long each
  std::vector<std::pair<Slot, Mono::time_point>> sealed;  ///< in this order

  std::size_t breaks_on_publish = 0;  ///< this many-th publish of all meets a dead connection

  std::vector<std::vector<Mono::time_point>> published;  ///< of each device
  std::vector<std::string> payloads;                     ///< the latest of each device
  std::vector<Slot> order;                               ///< of all publishes
  bool shut_down = false;

  void open(Slot slot) override {
    at(clock_.now() + connack, [this, slot](mqtt::Events& events) {
      if (refuses(slot)) {
        events.refused(slot, {fleet::Stage::connect, fleet::Bucket::auth, "CONNACK 5", 5},
                       clock_.now());
      } else {
        devices_[slot].open = true;
        events.connected(slot, {}, clock_.now());
      }
    });
  }

  bool prepare(Slot slot, std::string_view payload) override {
    if (devices_[slot].sealed) {
      return false;
    }
    payloads.resize(devices_.size());
    payloads[slot] = payload;
    return true;
  }
  [[nodiscard]] bool seals() const override { return tls; }
  void seal(Slot slot) override {
    clock_.advance(sealing);
    sealed.emplace_back(slot, clock_.now());
    devices_[slot].sealed = true;
  }

  support::Result<mqtt::MessageId, fleet::Failure> publish(Slot slot) override {
    clock_.advance(write);
    devices_[slot].sealed = false;
    if (takes_notes) {
      published.resize(devices_.size());
      published[slot].push_back(clock_.now());
      order.push_back(slot);
    }
    if (breaks_on_publish > 0 && order.size() == breaks_on_publish) {
      cut(slot, clock_.now());
      return support::failure(
          fleet::Failure{fleet::Stage::publish, fleet::Bucket::network, "broken pipe", 32});
    }
    const mqtt::MessageId id = ++devices_[slot].last_id;
    if (acknowledges(slot)) {
      at(clock_.now() + (puback_of_message ? puback_of_message() : puback),
         [this, slot, id](mqtt::Events& events) {
           if (devices_[slot].open) {
             events.acknowledged(slot, id, clock_.now());
           }
         });
    }
    return id;
  }

  [[nodiscard]] std::optional<mqtt::MessageId> unfinished(Slot) const override {
    return std::nullopt;
  }

  void poll(Mono::time_point until, mqtt::Events& events) override {
    clock_.wait_until(happenings_.empty() ? until : std::min(until, happenings_.begin()->first),
                      {});
    while (!happenings_.empty() && happenings_.begin()->first <= clock_.now()) {
      const auto happen = happenings_.begin()->second;
      happenings_.erase(happenings_.begin());
      happen(events);
    }
  }

  void close(Slot slot) override { devices_[slot].open = false; }
  void shutdown(Mono::time_point) override { shut_down = true; }
  [[nodiscard]] std::uint32_t retransmits(mqtt::Slot) const override { return 0; }
  [[nodiscard]] std::string_view write_time() const override { return "written"; }

  /// Lets something happen at a moment.
  void at(Mono::time_point when, std::function<void(mqtt::Events&)> happen) {
    happenings_.emplace(when, std::move(happen));
  }

  /// Cuts the device's connection at a moment.
  void cut(Slot slot, Mono::time_point when) {
    at(when, [this, slot](mqtt::Events& events) {
      if (devices_[slot].open) {
        devices_[slot].open = false;
        events.lost(slot, {fleet::Stage::disconnect, fleet::Bucket::network, "cut", {}},
                    std::nullopt, clock_.now());
      }
    });
  }

 private:
  struct Device {
    bool open = false;
    bool sealed = false;
    mqtt::MessageId last_id = 0;
  };

  ManualClock& clock_;
  std::vector<Device> devices_;
  std::multimap<Mono::time_point, std::function<void(mqtt::Events&)>> happenings_;
};

}  // namespace stresskit::test
