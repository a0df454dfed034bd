#include "burst/next_burst.hpp"

#include <algorithm>
#include <chrono>

namespace stresskit::burst {

NextBurst::NextBurst(const Setup& setup, const Plan& plan)
    : plan_(plan),
      first_(setup.first),
      stamps_from_(setup.stamps_from),
      devices_(setup.devices.size()),
      payload_(setup.seed) {
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    devices_[i].name_json = json_string(setup.devices[i].name);
  }
  count_devices();
}

void NextBurst::go_on_to(std::uint64_t k) {
  k_ = k;
  prepared_ = 0;
  count_devices();
}

void NextBurst::go_on_unpublished_to(std::uint64_t k) {
  k_ = k;
  prepared_ = stamped() ? 0 : prepared_;
  count_devices();
}

void NextBurst::count_devices() {
  const std::size_t of_fleet = plan_.taking_part(k_);
  taking_part_ = of_fleet <= first_ ? 0 : std::min(of_fleet - first_, devices_.size());
}

void NextBurst::is_due(Mono::time_point due) {
  if (stamps_from_) {
    const auto unix = due.time_since_epoch() + *stamps_from_;
    stamp_ = Stamp{std::chrono::round<std::chrono::milliseconds>(unix).count(), k_};
  }
}

void NextBurst::prepare(mqtt::Connections& connections, std::size_t count) {
  const std::size_t end = std::min(taking_part_, prepared_ + count);
  for (; prepared_ < end; ++prepared_) {
    Device& device = devices_[prepared_];
    const std::string_view text = payload_.make(device.name_json, stamp_);
    if (connections.prepare(static_cast<mqtt::Slot>(prepared_), text)) {
      device.payload_bytes = text.size();
    }
  }
}

}  // namespace stresskit::burst
