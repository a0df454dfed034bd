#include "stresskit/verification/accounting.hpp"

#include <algorithm>

namespace stresskit::verification {

using metrics::Outcome;

namespace {

bool is_open(Outcome outcome) {
  return outcome == Outcome::lost || outcome == Outcome::unacknowledged;
}

/// Sealed for one burst, sent with a later one: gives the message missing there to `carried`.
void give_carried_over(std::uint64_t carried, Account& account) {
  auto& missing = account.missing_acknowledged;
  const auto later = std::upper_bound(missing.begin(), missing.end(), carried);
  if (later == missing.end()) {
    ++account.unexpected;
  } else {
    missing.erase(later);
    ++account.stored;
  }
}

}  // namespace

std::uint64_t Deeds::acknowledged() const {
  return static_cast<std::uint64_t>(
      std::count(outcomes.begin(), outcomes.end(), Outcome::acknowledged));
}

std::uint64_t Deeds::open() const {
  return static_cast<std::uint64_t>(std::count_if(outcomes.begin(), outcomes.end(), is_open));
}

Account settled(const Deeds& deeds) {
  return {.stored = deeds.acknowledged()};
}

bool count_fits(const Deeds& deeds, std::uint64_t count) {
  return deeds.open() == 0 && count == deeds.acknowledged();
}

Account account(const Deeds& deeds, std::vector<std::uint64_t> stored) {
  std::sort(stored.begin(), stored.end());
  stored.erase(std::unique(stored.begin(), stored.end()), stored.end());
  Account out;
  std::vector<std::uint64_t> never_sent;
  auto next = stored.begin();
  for (std::size_t i = 0; i < deeds.bursts.size(); ++i) {
    const std::uint64_t k = deeds.bursts[i];
    for (; next != stored.end() && *next < k; ++next) {
      never_sent.push_back(*next);
    }
    const bool is_stored = next != stored.end() && *next == k;
    next += is_stored ? 1 : 0;
    if (deeds.outcomes[i] == Outcome::acknowledged) {
      is_stored ? static_cast<void>(++out.stored) : out.missing_acknowledged.push_back(k);
    } else if (is_stored && is_open(deeds.outcomes[i])) {
      ++out.stored;
      out.stored_unacknowledged.push_back(k);
    } else if (is_stored) {
      never_sent.push_back(k);
    }
  }
  never_sent.insert(never_sent.end(), next, stored.end());
  for (const std::uint64_t k : never_sent) {
    give_carried_over(k, out);
  }
  return out;
}

}  // namespace stresskit::verification
