#pragma once

#include "verification/device_rows.hpp"

#include "stresskit/metrics/storage.hpp"
#include "stresskit/verification/run_deeds.hpp"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace stresskit::verification {

/// How far the verification of each device came, and what was found; kept in `verification.ndjson`
/// as it goes.
///
/// Threads: different devices may be finished by different threads; everything else while none
/// does.
class FleetAccounts {
 public:
  /// Devices that an interrupted verification had settled are settled, and so are those without
  /// anything to look for.
  FleetAccounts(const RunDeeds& deeds, const std::filesystem::path& folder);

  void finish(std::size_t device, Progress progress, Account found);

  /// Those that are not finished.
  [[nodiscard]] std::vector<std::size_t> pending() const;
  [[nodiscard]] const std::vector<Account>& accounts() const { return accounts_; }

  /// The sums of all, and the missing messages by name.
  [[nodiscard]] metrics::Storage sums() const;

 private:
  void add(metrics::Storage& out, std::size_t device) const;
  void add_missing(metrics::Storage& out, std::size_t device) const;

  const RunDeeds& deeds_;
  DeviceRows rows_;
  // By device; each is touched by one worker at a time.
  std::vector<Progress> progress_;
  std::vector<Account> accounts_;
};

}  // namespace stresskit::verification
