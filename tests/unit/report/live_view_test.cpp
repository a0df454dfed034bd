#include "stresskit/report/live_view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stresskit::report {
namespace {

using testing::HasSubstr;

metrics::Snapshot running() {
  metrics::Snapshot s;
  s.run_id = "20261123T101500Z-4f2a";
  s.elapsed_s = 12.4;
  s.status = metrics::Status::running;
  s.phase = metrics::Phase::bursting;
  s.device_count = 500;
  s.connected = 250;
  s.failed = 2;
  s.bursts_due = 7;
  s.verdict.sentence = "the server kept up";
  return s;
}

TEST(LiveView, SaysWhereTheRunIs) {
  metrics::Snapshot s = running();
  EXPECT_EQ(live_view(s)[0], "run 20261123T101500Z-4f2a   12 s   bursting   burst 7");
  s.bursts_planned = 60;
  s.stages.resize(3);
  s.stages[1].first_burst = 5;
  s.stages[2].first_burst = 9;
  EXPECT_THAT(live_view(s)[0], HasSubstr("burst 7 of 60   stage 2 of 3"));
}

TEST(LiveView, TheBarShowsTheShareThatIsConnected) {
  EXPECT_EQ(live_view(running())[1],
            "connected  [###############...............] 250 of 500   failed 2");
}

TEST(LiveView, HasTheSameLinesWhateverIsKnown) {
  EXPECT_EQ(live_view(metrics::Snapshot{}).size(), live_view(running()).size());
}

}  // namespace
}  // namespace stresskit::report
