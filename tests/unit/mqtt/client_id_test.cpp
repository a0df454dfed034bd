#include "mqtt/client_id.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace stresskit::mqtt {
namespace {

TEST(ClientId, IsTheNameBetweenSimAndSixRandomCharacters) {
  std::minstd_rand random(1);
  EXPECT_THAT(
      make_client_id("sim-001", random),
      testing::MatchesRegex("sim-sim-001-[a-z0-9][a-z0-9][a-z0-9][a-z0-9][a-z0-9][a-z0-9]"));
}

// Two runs of one device must not look like the same client to a broker.
TEST(ClientId, DiffersFromCallToCall) {
  std::minstd_rand random(1);
  EXPECT_NE(make_client_id("sim-001", random), make_client_id("sim-001", random));
}

}  // namespace
}  // namespace stresskit::mqtt
