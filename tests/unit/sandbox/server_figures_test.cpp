#include "sandbox/server_figures.hpp"

#include "support/manual_clock.hpp"

#include <gtest/gtest.h>

namespace stresskit::sandbox {
namespace {

using namespace std::chrono_literals;

class ServerFiguresTest : public testing::Test {
 protected:
  stresskit::test::ManualClock clock_;
  ServerFigures figures_{clock_};
};

TEST_F(ServerFiguresTest, ShowNothingBeforeTheReportOfTheirPeriod) {
  figures_.accepted(5);
  figures_.stored(5, 1, 0s);
  clock_.advance(59s);
  EXPECT_EQ(figures_.usage().transport_messages, 0);
  EXPECT_EQ(figures_.queue(), std::nullopt);
  clock_.advance(1s);
  EXPECT_EQ(figures_.usage().transport_messages, 1);
  EXPECT_EQ(figures_.usage().transport_points, 5);
  EXPECT_EQ(figures_.usage().storage_points, 5);
  EXPECT_EQ(figures_.queue()->total(), 1);
}

TEST_F(ServerFiguresTest, LeaveWhatComesBehindAReportToTheNextHoweverLateTheyAreRead) {
  figures_.accepted(1);
  clock_.advance(61s);
  figures_.accepted(1);
  EXPECT_EQ(figures_.usage().transport_messages, 1);
  clock_.advance(58s);
  EXPECT_EQ(figures_.usage().transport_messages, 1) << "every 60 s, not 60 s after a reading";
  clock_.advance(1s);
  EXPECT_EQ(figures_.usage().transport_messages, 2);
}

TEST_F(ServerFiguresTest, CountTheQueueAnewInEveryRowAndWriteNoneOfAQuietPeriod) {
  figures_.stored(1, 1, 0s);
  figures_.stored(1, 1, 2'001ms);
  figures_.failed();
  clock_.advance(60s);
  const auto row = figures_.queue();
  ASSERT_TRUE(row);
  EXPECT_EQ(row->successful, 1);
  EXPECT_EQ(row->timed_out, 1);
  EXPECT_EQ(row->failed, 1);
  EXPECT_EQ(row->total(), 3);
  clock_.advance(60s);
  EXPECT_EQ(figures_.queue()->ts, row->ts) << "still the row of the first minute";
  figures_.stored(1, 1, 0s);
  clock_.advance(60s);
  EXPECT_EQ(figures_.queue()->total(), 1);
}

TEST_F(ServerFiguresTest, HaveAQueueFromTheFirstMessageOn) {
  EXPECT_EQ(figures_.queue_created(), std::nullopt);
  figures_.accepted(1);
  EXPECT_TRUE(figures_.queue_created());
}

TEST_F(ServerFiguresTest, CanReportMoreOften) {
  figures_.set_period(1s);
  figures_.accepted(1);
  clock_.advance(1s);
  EXPECT_EQ(figures_.usage().transport_messages, 1);
}

}  // namespace
}  // namespace stresskit::sandbox
