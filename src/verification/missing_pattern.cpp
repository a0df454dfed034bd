#include "verification/missing_pattern.hpp"

#include "stresskit/support/format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace stresskit::verification {

namespace {

struct Tally {
  std::uint64_t acknowledged = 0;
  std::uint64_t missing = 0;

  [[nodiscard]] bool all() const { return missing > 0 && missing == acknowledged; }
};

std::map<std::uint64_t, Tally> by_burst(const RunDeeds& deeds,
                                        const std::vector<Account>& accounts) {
  std::map<std::uint64_t, Tally> bursts;
  for (std::size_t i = 0; i < deeds.bursts.size(); ++i) {
    const auto& outcomes = deeds.outcomes[i];
    const auto acknowledged =
        std::count(outcomes.begin(), outcomes.end(), metrics::Outcome::acknowledged);
    if (acknowledged > 0) {
      bursts[deeds.bursts[i].k].acknowledged = static_cast<std::uint64_t>(acknowledged);
    }
  }
  for (const Account& account : accounts) {
    for (const std::uint64_t k : account.missing_acknowledged) {
      ++bursts[k].missing;
    }
  }
  return bursts;
}

std::string devices_pattern(const RunDeeds& deeds, const std::vector<Account>& accounts) {
  std::size_t lost_all = 0;
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    const std::size_t missing = accounts[i].missing_acknowledged.size();
    if (missing > 0 && missing != deeds.of(i).acknowledged()) {
      return {};
    }
    lost_all += missing > 0 ? 1 : 0;
  }
  return fmt::format(
      "nothing at all is stored of {}, everything of the others: look at the rule chain of their "
      "device profile",
      support::format_count(lost_all, "device"));
}

}  // namespace

std::string missing_pattern(const RunDeeds& deeds, const std::vector<Account>& accounts) {
  const auto bursts = by_burst(deeds, accounts);
  const auto is_missing = [](const auto& burst) { return burst.second.missing > 0; };
  const auto is_whole = [](const auto& burst) { return burst.second.missing == 0; };
  const auto is_all_missing = [](const auto& burst) { return burst.second.all(); };
  if (std::none_of(bursts.begin(), bursts.end(), is_missing)) {
    return {};
  }
  if (std::all_of(bursts.begin(), bursts.end(), is_all_missing)) {
    return "nothing at all is stored: the rule chain does not save time series, or the server "
           "lost its queue";
  }
  const auto first_not_all = std::find_if_not(bursts.begin(), bursts.end(), is_all_missing);
  if (first_not_all != bursts.begin() && std::all_of(first_not_all, bursts.end(), is_whole)) {
    return fmt::format(
        "everything before burst {} is gone and everything since is there: a TTL shorter than the "
        "run, or a clean-up",
        first_not_all->first);
  }
  const auto first_missing = std::find_if(bursts.begin(), bursts.end(), is_missing);
  // The burst in which it happened may be stored in part.
  if (std::all_of(std::next(first_missing), bursts.end(), is_all_missing)) {
    return fmt::format(
        "everything from burst {} on is missing: the server stopped, or lost its queue, about then",
        first_missing->first);
  }
  return devices_pattern(deeds, accounts);
}

}  // namespace stresskit::verification
