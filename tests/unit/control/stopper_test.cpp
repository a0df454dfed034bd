#include "stresskit/control/stopper.hpp"

#include "support/manual_clock.hpp"
#include "support/temp_dir.hpp"

#include "stresskit/control/stop_flag.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <fstream>
#include <functional>
#include <memory>

namespace stresskit::control {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Kind = StopOutcome::Kind;

/// Time passes only in waits, and in every wait something may happen elsewhere.
class EventfulClock final : public support::Clock {
 public:
  explicit EventfulClock(std::function<void()> event) : event_(std::move(event)) {}

  [[nodiscard]] support::Mono::time_point now() const override { return time_.now(); }
  [[nodiscard]] support::Wall::time_point wall() const override { return time_.wall(); }
  bool wait_until(support::Mono::time_point until, std::stop_token stop) override {
    event_();
    return time_.wait_until(until, std::move(stop));
  }
  void spin_until(support::Mono::time_point until) override { time_.spin_until(until); }

 private:
  test::ManualClock time_;
  std::function<void()> event_;
};

class StopperTest : public testing::Test {
 protected:
  void start_run(const std::string& id = "run-1") {
    run_.emplace_back(std::make_unique<RunLock>(RunLock::take(data_, id)));
  }
  void end_run() {
    remove_stop_flag(data_);
    run_.clear();
  }
  void write_metrics(const std::string& status, const std::string& id = "run-1",
                     const std::string& counting = "complete") const {
    std::ofstream(data_.metrics()) << nlohmann::json{{"run_id", id},
                                                     {"status", status},
                                                     {"verification", {{"state", counting}}},
                                                     {"device_count", 2},
                                                     {"totals",
                                                      {{"planned", 20},
                                                       {"attempted", 19},
                                                       {"skipped", 1},
                                                       {"sent", 18},
                                                       {"failed", 1},
                                                       {"acknowledged", 15},
                                                       {"lost", 1},
                                                       {"unacknowledged", 2},
                                                       {"in_flight", 0}}}};
  }

  StopOutcome stop(const std::function<void()>& event, config::Stopping stopping = {true, 40s},
                   const std::stop_token& token = {}) {
    EventfulClock clock(event);
    return stop_run(data_, stopping, clock, token);
  }

  test::TempDir folder_;
  config::Data data_{folder_.path()};
  std::vector<std::unique_ptr<RunLock>> run_;
};

TEST_F(StopperTest, LeavesNoFlagWhenThereIsNoRun) {
  const StopOutcome outcome = stop([] {});
  EXPECT_EQ(outcome.kind, Kind::no_run);
  EXPECT_FALSE(stop_flag_raised(data_));
  EXPECT_EQ(exit_code(outcome), support::ExitCode::done);
  EXPECT_THAT(to_text(outcome, data_), HasSubstr("no run is active"));
}

TEST_F(StopperTest, RaisesTheFlagAndWaitsForTheEnd) {
  start_run();
  int waits = 0;
  const StopOutcome outcome = stop([&] {
    EXPECT_TRUE(stop_flag_raised(data_));
    if (++waits == 3) {
      write_metrics("stopped");
      end_run();
    }
  });
  EXPECT_EQ(waits, 3);
  EXPECT_EQ(outcome.kind, Kind::stopped);
  EXPECT_EQ(exit_code(outcome), support::ExitCode::done);
  EXPECT_FALSE(stop_flag_raised(data_));
  EXPECT_THAT(to_text(outcome, data_),
              testing::AllOf(HasSubstr("run run-1"), HasSubstr("2 devices"),
                             HasSubstr("planned 20 = attempted 19 + skipped 1"),
                             HasSubstr("attempted 19 = sent 18 + failed 1"),
                             HasSubstr("sent 18 = acknowledged 15 + lost 1 + unacknowledged 2\n")));
  const auto json = nlohmann::json::parse(to_json(outcome));
  EXPECT_EQ(json.at("result"), "stopped");
  EXPECT_EQ(json.at("run_id"), "run-1");
  EXPECT_EQ(json.at("totals").at("acknowledged"), 15);
}

TEST_F(StopperTest, CatchesARunThatIsJustStarting) {
  int waits = 0;
  const StopOutcome outcome = stop([&] {
    ++waits;
    if (waits == 5) {
      start_run();
    } else if (waits == 8) {
      EXPECT_TRUE(stop_flag_raised(data_));
      write_metrics("stopped");
      end_run();
    }
  });
  EXPECT_EQ(outcome.kind, Kind::stopped);
}

TEST_F(StopperTest, GivesUpAtTheTimeOutAndLeavesTheFlagUp) {
  start_run();
  write_metrics("running");
  const StopOutcome outcome = stop([] {}, {true, 2s});
  EXPECT_EQ(outcome.kind, Kind::still_running);
  EXPECT_GE(outcome.waited, 2s);
  EXPECT_EQ(exit_code(outcome), support::ExitCode::failed);
  EXPECT_TRUE(stop_flag_raised(data_));
  EXPECT_THAT(to_text(outcome, data_), HasSubstr("figures while running"));
}

TEST_F(StopperTest, DoesNotWaitWhenToldSo) {
  start_run();
  const StopOutcome outcome = stop([] { FAIL() << "waited"; }, {false, 40s});
  EXPECT_EQ(outcome.kind, Kind::asked);
  EXPECT_EQ(exit_code(outcome), support::ExitCode::done);
  EXPECT_TRUE(stop_flag_raised(data_));
}

TEST_F(StopperTest, ARunThatOnlyCountsWhatIsStoredHasStoppedWhenTheTimeOutComes) {
  start_run();
  write_metrics("running");
  int waits = 0;
  const StopOutcome outcome = stop([&] {
    ++waits;
    remove_stop_flag(data_);
    write_metrics("stopped", "run-1", "running");
  });
  EXPECT_GT(waits, 2) << "it may end the counting soon";
  EXPECT_EQ(outcome.kind, Kind::stopped);
  EXPECT_EQ(exit_code(outcome), support::ExitCode::done);
  EXPECT_THAT(to_text(outcome, data_), HasSubstr("still counts what the server stored"));
  EXPECT_EQ(nlohmann::json::parse(to_json(outcome)).at("counts_storage"), true);
}

TEST_F(StopperTest, EndsTheCountingOfARunThatHasStoppedAndWaitsForThat) {
  start_run();
  write_metrics("stopped", "run-1", "running");
  int waits = 0;
  const StopOutcome outcome = stop([&] {
    EXPECT_TRUE(stop_flag_raised(data_));
    if (++waits == 3) {
      write_metrics("stopped");
      end_run();
    }
  });
  EXPECT_EQ(waits, 3);
  EXPECT_EQ(outcome.kind, Kind::stopped);
  EXPECT_THAT(to_text(outcome, data_), testing::Not(HasSubstr("still counts")));
}

TEST_F(StopperTest, SaysWhenARunDiedAndTidiesUpItsFlag) {
  start_run();
  write_metrics("running");
  const StopOutcome outcome = stop([&] { run_.clear(); });
  EXPECT_EQ(outcome.kind, Kind::died);
  EXPECT_EQ(exit_code(outcome), support::ExitCode::failed);
  EXPECT_FALSE(stop_flag_raised(data_));
}

TEST_F(StopperTest, DoesNotTakeFiguresOfAnotherRunForItsOwn) {
  start_run();
  write_metrics("stopped", "an-older-run");
  const StopOutcome outcome = stop([&] { end_run(); });
  EXPECT_EQ(outcome.kind, Kind::died);
  EXPECT_FALSE(outcome.figures);
}

TEST_F(StopperTest, LeavesTheNextRunAlone) {
  start_run();
  const StopOutcome outcome = stop([&] {
    write_metrics("stopped");
    end_run();
    start_run("run-2");
  });
  EXPECT_EQ(outcome.kind, Kind::stopped);
  EXPECT_FALSE(stop_flag_raised(data_));
  EXPECT_EQ(active_run(data_)->run_id, "run-2");
}

TEST_F(StopperTest, EndsWhenInterrupted) {
  start_run();
  std::stop_source source;
  const StopOutcome outcome = stop([&] { source.request_stop(); }, {true, 40s}, source.get_token());
  EXPECT_EQ(outcome.kind, Kind::interrupted);
  EXPECT_EQ(exit_code(outcome), support::ExitCode::failed);
  EXPECT_THAT(to_text(outcome, data_), HasSubstr("was asked to stop"));
}

// Scripts read the word.
TEST(StopOutcomeAsJson, EveryResultHasItsWord) {
  const std::vector<std::pair<Kind, std::string>> words{{Kind::no_run, "no-run"},
                                                        {Kind::asked, "asked"},
                                                        {Kind::stopped, "stopped"},
                                                        {Kind::died, "died"},
                                                        {Kind::still_running, "still-running"},
                                                        {Kind::interrupted, "interrupted"}};
  for (const auto& [kind, word] : words) {
    StopOutcome outcome;
    outcome.kind = kind;
    EXPECT_EQ(nlohmann::json::parse(to_json(outcome)).at("result"), word);
  }
}

TEST_F(StopperTest, ToleratesFiguresThatCannotBeRead) {
  for (const char* text :
       {"", "{", "[]", "\xff\x00", R"({"run_id": "run-1"})",
        R"({"run_id": "run-1", "status": 7, "totals": [1], "device_count": -1})"}) {
    start_run();
    std::ofstream(data_.metrics()) << text;
    EXPECT_EQ(stop([&] { end_run(); }).kind, Kind::died) << text;
  }
}

}  // namespace
}  // namespace stresskit::control
