#include "stresskit/support/backoff.hpp"

#include <gtest/gtest.h>

namespace stresskit::support {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, DoublesUpToTheMostWithAJitterOfHalf) {
  const Backoff backoff(1s, 60s);
  Backoff::Random random(1);
  for (std::uint32_t attempt = 0; attempt < 100; ++attempt) {
    const auto whole = std::min<Backoff::Duration>(60s, attempt < 6 ? 1s * (1 << attempt) : 60s);
    const auto delay = backoff.delay(attempt, random);
    EXPECT_GE(delay, whole / 2) << attempt;
    EXPECT_LE(delay, whole) << attempt;
  }
}

}  // namespace
}  // namespace stresskit::support
