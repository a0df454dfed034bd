#include "stresskit/metrics/counters.hpp"

#include <gtest/gtest.h>

#include <random>

namespace stresskit::metrics {
namespace {

bool adds_up(const Counters& c) {
  return c.planned() == c.attempted() + c.skipped() && c.attempted() == c.sent() + c.failed() &&
         c.sent() == c.acknowledged() + c.lost() + c.unacknowledged() + c.in_flight();
}

// Random walks through the states of a message: the identities hold after every single step.
TEST(Counters, AddUpAfterEveryStepOfAnySequence) {
  std::mt19937 random(7);
  for (int walk = 0; walk < 200; ++walk) {
    Counters counters;
    for (int step = 0; step < 500; ++step) {
      const auto choice = random() % 7;
      const bool open = counters.in_flight() > 0;
      if (choice == 0) {
        counters.skip();
      } else if (choice == 1) {
        counters.fail();
      } else if (choice == 2 || !open) {
        counters.send();
      } else if (choice == 3) {
        counters.acknowledge();
      } else if (choice == 4) {
        counters.lose();
      } else if (choice == 5) {
        counters.give_up();
      } else {
        counters.retract();
      }
      ASSERT_TRUE(adds_up(counters)) << "walk " << walk << " step " << step;
    }
  }
}

TEST(Counters, AMessageHandedOverInPartMovesFromSentToFailed) {
  Counters counters;
  counters.send();
  counters.retract();
  EXPECT_EQ(counters.sent(), 0U);
  EXPECT_EQ(counters.failed(), 1U);
  EXPECT_EQ(counters.planned(), 1U);
}

TEST(Counters, SumsOfDevicesAddUpToo) {
  SmallCounters a;
  a.send();
  a.acknowledge();
  SmallCounters b;
  b.skip();
  b.send();
  Counters total;
  total += a;
  total += b;
  EXPECT_TRUE(adds_up(total));
  EXPECT_EQ(total.planned(), 3U);
  EXPECT_EQ(total.in_flight(), 1U);
}

}  // namespace
}  // namespace stresskit::metrics
