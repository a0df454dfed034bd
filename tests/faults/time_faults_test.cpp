// Time that jumps: a wall clock that is set, and a machine that sleeps.
#include "support/mosquitto_broker.hpp"
#include "support/telemetry_program.hpp"
#include "support/telemetry_run.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <csignal>
#include <thread>

namespace stresskit {
namespace {

using namespace std::chrono_literals;
using metrics::Snapshot;
using nlohmann::json;

/// The real clock, whose wall time somebody sets.
class SetClock final : public support::Clock {
 public:
  void set_ahead(std::chrono::seconds by) { ahead_ = by; }

  [[nodiscard]] support::Mono::time_point now() const override {
    return support::real_clock().now();
  }
  [[nodiscard]] support::Wall::time_point wall() const override {
    return support::real_clock().wall() + ahead_.load();
  }
  bool wait_until(support::Mono::time_point due, std::stop_token stop) override {
    return support::real_clock().wait_until(due, stop);
  }
  void spin_until(support::Mono::time_point until) override {
    support::real_clock().spin_until(until);
  }

 private:
  std::atomic<std::chrono::seconds> ahead_{0s};
};

class WallClockIsSet : public testing::TestWithParam<std::chrono::seconds> {};

TEST_P(WallClockIsSet, OnlyTheTimeOfWritingMoves) {
  const test::MosquittoBroker broker;
  SetClock clock;
  test::TelemetryRun run;
  run.clock = &clock;
  run.mqtt.port = broker.port();
  run.add_devices(5);
  run.start();
  const auto before = run.wait_for([](const Snapshot& s) { return s.totals.acknowledged() >= 10; });
  ASSERT_TRUE(before);
  clock.set_ahead(GetParam());
  ASSERT_TRUE(run.wait_for([&](const Snapshot& s) {
    return s.totals.acknowledged() >= before->totals.acknowledged() + 10;
  }));
  run.request_stop();
  const Snapshot last = run.finish();
  EXPECT_EQ(run.broken_identity(), "");
  EXPECT_EQ(last.started_at, before->started_at);
  const double step = std::chrono::duration<double>(GetParam()).count();
  EXPECT_NEAR(last.updated_at - last.started_at - last.elapsed_s, step, 1);
  for (std::size_t i = 1; i < last.bursts.size(); ++i) {
    EXPECT_NEAR(last.bursts[i].due - last.bursts[i - 1].due, 0.2, 1e-3) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Steps, WallClockIsSet, testing::Values(3600s, -3600s),
                         [](const auto& step) { return step.param > 0s ? "Forward" : "Back"; });

TEST(Sleep, BurstsOfThatTimeAreMissedAndNotSqueezedIn) {
  const test::MosquittoBroker broker;
  test::TelemetryProgram run(broker.port(), 5);
  run.start();
  const auto before = run.wait_for([](const json& m) { return m.at("bursts_due") >= 3; });
  ASSERT_TRUE(before);
  // The fault itself, as when a laptop is closed: ten intervals.
  run.signal(SIGSTOP);
  std::this_thread::sleep_for(2s);
  run.signal(SIGCONT);
  const std::uint64_t due = before->at("bursts_due").get<std::uint64_t>();
  ASSERT_TRUE(run.wait_for([&](const json& m) { return m.at("bursts_due") >= due + 15; }));
  const auto end = run.stop();
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_EQ(end.trouble, "");
  EXPECT_GE(end.metrics.at("generator").at("missed_bursts"), 8);
  EXPECT_GE(end.total("skipped"), 8U * 5);
  EXPECT_EQ(end.total("planned"), end.metrics.at("bursts_due").get<std::uint64_t>() * 5);
  const json& bursts = end.metrics.at("bursts");
  for (std::size_t i = 1; i < bursts.size(); ++i) {
    const double apart = bursts[i].at("due").get<double>() - bursts[i - 1].at("due").get<double>();
    EXPECT_NEAR(apart, 0.2, 1e-3) << bursts[i];
  }
}

}  // namespace
}  // namespace stresskit
