#include "stresskit/verification/run_deeds.hpp"

#include "stresskit/metrics/run_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace stresskit::verification {

namespace {

bool was_stamped(const metrics::RunRecord& record) {
  const auto found =
      std::find_if(record.settings.begin(), record.settings.end(),
                   [](const auto& setting) { return setting.first == "VERIFY_STORED"; });
  if (found == record.settings.end()) {
    return false;
  }
  // As a switch may be written; see docs/configuration.md.
  constexpr std::string_view yes[] = {"1", "true", "yes", "on"};
  return std::find(std::begin(yes), std::end(yes), found->second) != std::end(yes);
}

std::int64_t to_ms(double unix_s) {
  return std::llround(unix_s * 1e3);
}

}  // namespace

Deeds RunDeeds::of(std::size_t device) const {
  Deeds deeds;
  deeds.bursts.reserve(bursts.size());
  deeds.outcomes.reserve(bursts.size());
  for (std::size_t i = 0; i < bursts.size(); ++i) {
    deeds.bursts.push_back(bursts[i].k);
    deeds.outcomes.push_back(outcomes[i][device]);
  }
  return deeds;
}

thingsboard::TimeRange RunDeeds::range() const {
  // A millisecond more on both sides: two roundings of the same due time may differ by one. The
  // end is exclusive.
  return {to_ms(bursts.front().due) - 1, to_ms(bursts.back().due) + 2};
}

support::Result<RunDeeds> read_deeds(const std::filesystem::path& folder) {
  const auto record = metrics::read_run(folder);
  if (!record) {
    return support::failure(record.error());
  }
  auto messages = metrics::read_messages(folder);
  if (!messages) {
    return support::failure(messages.error());
  }
  const metrics::Snapshot& run = record->last;
  if (run.devices.size() != run.device_count) {
    return support::failure(
        fmt::format("{} does not say which devices the run had: it was killed before its end",
                    folder.string()));
  }
  RunDeeds deeds;
  deeds.interval_sec = run.interval_sec;
  deeds.stamped = was_stamped(*record);
  for (const metrics::DeviceRow& device : run.devices) {
    deeds.devices.push_back({device.name, device.device_id});
  }
  for (const metrics::BurstRow& burst : run.bursts) {
    const auto known = messages->find(burst.k);
    if (known != messages->end() && known->second.size() == deeds.devices.size()) {
      deeds.bursts.push_back({burst.k, burst.due});
      deeds.outcomes.push_back(std::move(known->second));
    }
  }
  return deeds;
}

}  // namespace stresskit::verification
