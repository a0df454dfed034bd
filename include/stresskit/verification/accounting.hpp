#pragma once

#include "stresskit/metrics/figures.hpp"

#include <cstdint>
#include <vector>

namespace stresskit::verification {

/// What one device did in the bursts whose messages are known, in their order.
struct Deeds {
  std::vector<std::uint64_t> bursts;
  std::vector<metrics::Outcome> outcomes;  ///< as many

  /// How many messages were acknowledged, and how many were sent and not.
  [[nodiscard]] std::uint64_t acknowledged() const;
  [[nodiscard]] std::uint64_t open() const;
};

/// One device's messages against what is stored of them.
struct Account {
  std::uint64_t stored = 0;
  std::vector<std::uint64_t> missing_acknowledged{};   ///< bursts
  std::vector<std::uint64_t> stored_unacknowledged{};  ///< bursts
  std::uint64_t unexpected = 0;  ///< stored numbers of messages that were never sent

  friend bool operator==(const Account&, const Account&) = default;
};

/// The account of a device whose every acknowledged message is stored, and nothing else: what a
/// count that fits says.
[[nodiscard]] Account settled(const Deeds& deeds);

/// Whether a count alone says everything: as many points as acknowledged messages, and no message
/// whose fate is open.
[[nodiscard]] bool count_fits(const Deeds& deeds, std::uint64_t count);

/// The account of a device, given the sequence numbers stored (any order, repeated ones count
/// once).
///
/// A message that TLS had sealed for a burst which was then missed goes out with the next one,
/// under the earlier number. So a stored number that was never sent stands for the first
/// acknowledged message behind it that is missing.
[[nodiscard]] Account account(const Deeds& deeds, std::vector<std::uint64_t> stored);

}  // namespace stresskit::verification
