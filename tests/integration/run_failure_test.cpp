// What `conduct` does when something in it cannot go on.
#include "support/temp_dir.hpp"

#include "stresskit/burst/run.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace stresskit {
namespace {

using namespace std::chrono_literals;

/// Connections that fail in a way nobody expects.
class Exploding final : public mqtt::Connections {
 public:
  void open(mqtt::Slot) override { throw std::runtime_error("out of luck"); }
  bool prepare(mqtt::Slot, std::string_view) override { return true; }
  support::Result<mqtt::MessageId, fleet::Failure> publish(mqtt::Slot) override { return 0; }
  [[nodiscard]] std::optional<mqtt::MessageId> unfinished(mqtt::Slot) const override {
    return std::nullopt;
  }
  void poll(support::Mono::time_point, mqtt::Events&) override {}
  void close(mqtt::Slot) override {}
  void shutdown(support::Mono::time_point) override {}
  [[nodiscard]] std::uint32_t retransmits(mqtt::Slot) const override { return 0; }
  [[nodiscard]] std::string_view write_time() const override { return "written"; }
};

TEST(RunFailure, AWorkerThatCannotGoOnEndsTheRunWithItsReason) {
  const test::TempDir dir;
  const std::vector<fleet::Device> devices{{"sim-001", "a"}, {"sim-002", "b"}};
  config::Mqtt mqtt;
  mqtt.workers = 2;
  mqtt.max_inflight = 1;
  config::Burst burst;
  burst.interval = 100ms;
  config::Output output;
  output.metrics_write = output.console = 1s;
  const config::Data data{dir.path()};
  const burst::RunSetup setup{"run", devices, mqtt, burst, data, output};
  const auto connect = [](auto) { return std::make_unique<Exploding>(); };
  try {
    (void)burst::conduct(setup, connect, support::real_clock(), {},
                         [](const auto&, const auto&, auto) {});
    FAIL() << "the failure was swallowed";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "out of luck");
  }
}

}  // namespace
}  // namespace stresskit
