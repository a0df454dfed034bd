#include "stresskit/burst/plan.hpp"

#include <algorithm>

namespace stresskit::burst {

namespace {

/// How many bursts are due within `duration`.
std::uint64_t bursts_in(config::Duration duration, config::Duration interval) {
  return static_cast<std::uint64_t>((duration.count() + interval.count() - 1) / interval.count());
}

}  // namespace

Plan::Plan(const config::Burst& settings, std::size_t devices) {
  if (settings.stages.empty()) {
    stages_.push_back({devices, 0});
    bursts_ = settings.bursts.value_or(endless);
    if (settings.duration) {
      bursts_ = std::min(bursts_, bursts_in(*settings.duration, settings.interval));
    }
    return;
  }
  bursts_ = 0;
  for (const config::Stage& stage : settings.stages) {
    stages_.push_back({stage.devices, bursts_});
    bursts_ += bursts_in(stage.duration, settings.interval);
  }
}

std::size_t Plan::taking_part(std::uint64_t k) const {
  return k < bursts_ ? metrics::stage_of(stages_, k).devices : 0;
}

}  // namespace stresskit::burst
