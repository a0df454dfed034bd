#include "verification/fleet_accounts.hpp"

#include <algorithm>
#include <utility>

namespace stresskit::verification {

using metrics::Storage;

namespace {

constexpr std::size_t most_missing_listed = 100;

}  // namespace

FleetAccounts::FleetAccounts(const RunDeeds& deeds, const std::filesystem::path& folder)
    : deeds_(deeds),
      rows_(folder, deeds.devices.size()),
      progress_(deeds.devices.size(), Progress::pending),
      accounts_(deeds.devices.size()) {
  for (std::size_t i = 0; i < deeds.devices.size(); ++i) {
    const Deeds done = deeds.of(i);
    if (rows_.settled_before()[i] || done.acknowledged() + done.open() == 0) {
      progress_[i] = Progress::settled;
      accounts_[i] = settled(done);
    }
  }
}

void FleetAccounts::finish(std::size_t device, Progress progress, Account found) {
  progress_[device] = progress;
  accounts_[device] = std::move(found);
  rows_.add(device, deeds_.devices[device].name, progress, accounts_[device]);
}

std::vector<std::size_t> FleetAccounts::pending() const {
  std::vector<std::size_t> devices;
  for (std::size_t i = 0; i < progress_.size(); ++i) {
    if (progress_[i] == Progress::pending) {
      devices.push_back(i);
    }
  }
  return devices;
}

Storage FleetAccounts::sums() const {
  Storage out;
  for (std::size_t i = 0; i < progress_.size(); ++i) {
    add(out, i);
  }
  out.rows_written = rows_.intact();
  return out;
}

void FleetAccounts::add(Storage& out, std::size_t device) const {
  const std::uint64_t acknowledged = deeds_.of(device).acknowledged();
  const Account& account = accounts_[device];
  out.acknowledged += acknowledged;
  if (progress_[device] != Progress::settled && progress_[device] != Progress::differs) {
    out.unverified += acknowledged;
    ++(progress_[device] == Progress::deleted ? out.devices_deleted : out.devices_unread);
    return;
  }
  ++out.devices_verified;
  out.stored += account.stored;
  out.missing_acknowledged += account.missing_acknowledged.size();
  out.stored_unacknowledged += account.stored_unacknowledged.size();
  out.unexpected += account.unexpected;
  add_missing(out, device);
}

void FleetAccounts::add_missing(Storage& out, std::size_t device) const {
  for (const std::uint64_t k : accounts_[device].missing_acknowledged) {
    out.missing_from = std::min(out.missing_from.value_or(k), k);
    if (out.missing.size() == most_missing_listed) {
      return;  // the device's first is its earliest
    }
    const auto burst = std::lower_bound(
        deeds_.bursts.begin(), deeds_.bursts.end(), k,
        [](const RunDeeds::Burst& b, std::uint64_t wanted) { return b.k < wanted; });
    out.missing.push_back({device, deeds_.devices[device].name, k, burst->due});
  }
}

}  // namespace stresskit::verification
