#include "support/temp_dir.hpp"

#include "stresskit/control/stop_flag.hpp"
#include "stresskit/verification/verify_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace stresskit::verification {
namespace {

using State = metrics::Storage::State;

// Without an archive there is nothing to count, but everything around the counting happens.
TEST(OwnRun, SaysThatItCountsAndTakesTheFlagAwayBeforeItSaysTheResult) {
  const test::TempDir dir;
  const config::Data data{dir.path()};
  thingsboard::Session session({}, support::real_clock());
  Observer observer({}, support::real_clock());
  metrics::Snapshot run;
  std::vector<std::pair<State, bool>> told;  // and whether the flag was up
  verify_own_run(run, {data, dir / "run", session, {}, observer, support::real_clock()}, {},
                 [&](const metrics::Snapshot& known) {
                   told.emplace_back(known.storage.state, control::stop_flag_raised(data));
                   ASSERT_TRUE(control::raise_stop_flag(data));
                 });
  EXPECT_THAT(told, testing::ElementsAre(std::pair(State::running, false),
                                         std::pair(State::incomplete, false)));
  EXPECT_NE(run.storage.trouble, "");
}

}  // namespace
}  // namespace stresskit::verification
