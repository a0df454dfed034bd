#include "verification/missing_pattern.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stresskit::verification {
namespace {

using metrics::Outcome;
using testing::HasSubstr;

/// 3 devices, 4 bursts, everything acknowledged; `missing`: by device the bursts not stored.
std::string pattern(const std::vector<std::vector<std::uint64_t>>& missing) {
  RunDeeds deeds;
  for (std::uint64_t k = 0; k < 4; ++k) {
    deeds.bursts.push_back({k, static_cast<double>(k)});
    deeds.outcomes.emplace_back(missing.size(), Outcome::acknowledged);
  }
  std::vector<Account> accounts;
  for (const auto& bursts : missing) {
    deeds.devices.push_back({});
    accounts.push_back({.stored = 4 - bursts.size(), .missing_acknowledged = bursts});
  }
  return missing_pattern(deeds, accounts);
}

TEST(MissingPattern, EachPatternHasItsSentenceAndNoneHasNone) {
  EXPECT_EQ(pattern({{}, {}, {}}), "");
  EXPECT_EQ(pattern({{1}, {3}, {}}), "");
  EXPECT_THAT(pattern({{0, 1, 2, 3}, {0, 1, 2, 3}, {0, 1, 2, 3}}), HasSubstr("nothing at all"));
  EXPECT_THAT(pattern({{0, 1}, {0, 1}, {0, 1}}), HasSubstr("before burst 2"));
  EXPECT_THAT(pattern({{0, 1}, {0, 1}, {0, 1}}), HasSubstr("TTL"));
  EXPECT_THAT(pattern({{2, 3}, {3}, {2, 3}}), HasSubstr("from burst 2 on"));
  EXPECT_THAT(pattern({{0, 1, 2, 3}, {}, {}}), HasSubstr("of 1 device"));
}

}  // namespace
}  // namespace stresskit::verification
