#include "dashboard/banner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stresskit::dashboard {
namespace {

using testing::HasSubstr;

constexpr double now = 1'800'000'000;

const control::ActiveRun our_run{.run_id = "20261123T101500Z-4f2a", .pid = 4711};
const control::ActiveRun next_run{.run_id = "20261123T111500Z-0001", .pid = 5000};

MetricsView file(const std::string& status, double age = 1, double write_sec = 2) {
  MetricsView view;
  view.head = MetricsHead{.status = status,
                          .message = "",
                          .phase = "bursting",
                          .run_id = our_run.run_id,
                          .pid = our_run.pid,
                          .updated_at = now - age,
                          .write_sec = write_sec};
  return view;
}

MetricsView idle_file() {
  MetricsView view;
  view.head = MetricsHead{.status = "idle",
                          .message = "Provisioned and ready.",
                          .phase = "",
                          .run_id = "",
                          .pid = 0,
                          .updated_at = now - 86'400,
                          .write_sec = 0};
  return view;
}

MetricsView trouble(bool missing) {
  MetricsView view;
  view.problem = FileProblem{.missing = missing, .reason = "it is empty (0 bytes)"};
  return view;
}

TEST(Banner, IdleFileSpeaksItsOwnMessageHoweverOldItIs) {
  const Banner banner = decide_banner(idle_file(), std::nullopt, now);
  EXPECT_EQ(banner.state, "idle");
  EXPECT_EQ(banner.message, "Provisioned and ready.");
}

TEST(Banner, RunThatHoldsTheLockAndWritesIsRunning) {
  EXPECT_EQ(decide_banner(file("running"), our_run, now).state, "running");
  EXPECT_EQ(decide_banner(file("stopping"), our_run, now).state, "stopping");
}

TEST(Banner, StoppedRunThatCountsWhatIsStoredStartsNoOther) {
  MetricsView view = file("stopped");
  view.head->counts_storage = true;
  EXPECT_EQ(decide_banner(view, our_run, now).reason, "counting");
  EXPECT_EQ(decide_banner(view, std::nullopt, now).reason, "stopped") << "it was killed";
}

TEST(Banner, StoppedFileIsStoppedHoweverOldItIs) {
  EXPECT_EQ(decide_banner(file("stopped", 1e6), std::nullopt, now).state, "stopped");
}

TEST(Banner, RunningFileWithoutAHolderIsStaleAtOnce) {
  for (const char* status : {"running", "stopping"}) {
    const Banner banner = decide_banner(file(status), std::nullopt, now);
    EXPECT_EQ(banner.state, "stale") << status;
    EXPECT_EQ(banner.reason, "writer-gone") << status;
    EXPECT_THAT(banner.message, HasSubstr(status));
  }
}

TEST(Banner, SilenceBeyondTenSecondsIsStaleThoughTheLockIsHeld) {
  EXPECT_EQ(decide_banner(file("running", 10.0), our_run, now).state, "running");
  const Banner banner = decide_banner(file("running", 10.5), our_run, now);
  EXPECT_EQ(banner.state, "stale");
  EXPECT_EQ(banner.reason, "silent");
  EXPECT_THAT(banner.message, HasSubstr("4711"));
}

TEST(Banner, SlowWriterIsAllowedFiveOfItsOwnIntervals) {
  EXPECT_EQ(decide_banner(file("running", 49, 10), our_run, now).state, "running");
  EXPECT_EQ(decide_banner(file("running", 51, 10), our_run, now).state, "stale");
}

TEST(Banner, ClockSetBackMakesNobodyStale) {
  EXPECT_EQ(decide_banner(file("running", -3600), our_run, now).state, "running");
}

TEST(Banner, HolderThatHasNotWrittenItsNameYetCountsAsTheWriter) {
  EXPECT_EQ(decide_banner(file("running"), control::ActiveRun{}, now).state, "running");
}

TEST(Banner, NextRunIsAnnouncedOverTheFileOfTheLast) {
  for (const MetricsView& earlier : {file("stopped"), file("running", 1e5), idle_file()}) {
    const Banner banner = decide_banner(earlier, next_run, now);
    EXPECT_EQ(banner.state, "running");
    EXPECT_EQ(banner.reason, "starting");
    EXPECT_THAT(banner.message, HasSubstr(next_run.run_id));
  }
}

// The last snapshot is written before the lock is freed.
TEST(Banner, OurRunThatHasWrittenItsLastIsStopped) {
  EXPECT_EQ(decide_banner(file("stopped"), our_run, now).state, "stopped");
}

TEST(Banner, MissingFileSaysWhatToRun) {
  const Banner banner = decide_banner(trouble(true), std::nullopt, now);
  EXPECT_EQ(banner.state, "missing");
  EXPECT_THAT(banner.advice, HasSubstr("provision"));
  EXPECT_EQ(decide_banner(trouble(true), our_run, now).reason, "starting");
}

TEST(Banner, BrokenFileSaysWhyAndTheWayOut) {
  const Banner banner = decide_banner(trouble(false), std::nullopt, now);
  EXPECT_EQ(banner.state, "broken");
  EXPECT_THAT(banner.message, HasSubstr("0 bytes"));
  EXPECT_THAT(banner.advice, HasSubstr("Remove the file"));
  EXPECT_THAT(decide_banner(trouble(false), our_run, now).advice, HasSubstr("active run"));
}

}  // namespace
}  // namespace stresskit::dashboard
