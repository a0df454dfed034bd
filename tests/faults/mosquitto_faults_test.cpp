// What a run makes of an unmodified Mosquitto that is killed, frozen, restarted or out of reach:
// the program itself, with its files and its exit code. docs/faults.md has the table.
#include "support/mosquitto_broker.hpp"
#include "support/telemetry_program.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

namespace stresskit {
namespace {

using nlohmann::json;

constexpr std::size_t devices = 30;

bool everybody(const json& m) {
  return m.at("connected_devices") == devices;
}
std::uint64_t total(const json& m, const char* counter) {
  return m.at("totals").at(counter).get<std::uint64_t>();
}

class MosquittoFaults : public testing::TestWithParam<const char*> {
 protected:
  MosquittoFaults() { run.options = {"--mqtt-engine", GetParam()}; }

  void option(const char* name, const char* value) {
    run.options.insert(run.options.end(), {name, value});
  }
  void run_until_under_way() {
    run.start();
    ASSERT_TRUE(run.wait_for([](const json& m) {
      return everybody(m) && total(m, "acknowledged") >= devices;
    }));
  }

  test::MosquittoBroker broker;
  test::TelemetryProgram run{broker.port(), devices};
};

/// Not with Paho: when its write to a connection fails that was reset a moment ago, it frees the
/// message twice, and a later use of that memory may end the program (docs/faults.md).
class OpenBurst : public MosquittoFaults {};

TEST_P(OpenBurst, KilledInABurstItLosesWhatWasOpenAndEverybodyComesBack) {
  run_until_under_way();
  broker.freeze();  // so that the burst is open when the broker dies
  // Two bursts: what is open of one alone may have been answered already.
  ASSERT_TRUE(run.wait_for([](const json& m) { return total(m, "in_flight") >= 2 * devices; }));
  broker.kill();
  // Only attempts to come back that meet a closed port tell a dead server from a limit.
  ASSERT_TRUE(run.wait_for([](const json& m) {
    return !m.at("collapse").at("at_s").is_null() && test::names_limit(m, "the server stopped");
  }));
  broker.restart();
  ASSERT_TRUE(run.wait_for([](const json& m) {
    return everybody(m) && !m.at("collapse").at("recovered_at_s").is_null();
  }));
  const auto end = run.stop();
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_EQ(end.trouble, "");
  EXPECT_GE(end.total("lost"), devices);
  EXPECT_GT(end.total("skipped"), 0U);
  EXPECT_GE(end.metrics.at("reconnects"), devices);
  EXPECT_GT(end.metrics.at("collapse").at("recovered_at_s"), end.metrics.at("collapse").at("at_s"));
  EXPECT_TRUE(end.has("disconnect", "network")) << end.metrics.at("failures");
  EXPECT_TRUE(end.names_limit("the server stopped")) << end.metrics.at("limits");
}

INSTANTIATE_TEST_SUITE_P(Engines, OpenBurst, testing::Values("native"),
                         [](const auto& engine) { return engine.param; });

TEST_P(MosquittoFaults, KilledBetweenBurstsItLosesNothing) {
  option("--publish-interval-sec", "30");
  run.start();
  ASSERT_TRUE(run.wait_for([](const json& m) { return total(m, "acknowledged") == devices; }));
  broker.kill();
  ASSERT_TRUE(run.wait_for([](const json& m) { return m.at("disconnected_devices") == devices; }));
  const auto end = run.stop();
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_EQ(end.trouble, "");
  EXPECT_EQ(end.total("planned"), devices);
  EXPECT_EQ(end.total("acknowledged"), devices);
  EXPECT_TRUE(end.has("disconnect", "network")) << end.metrics.at("failures");
}

TEST_P(MosquittoFaults, KilledWhileConnectingItEndsTheRunWithNothingPlanned) {
  broker.freeze();
  run.start();
  ASSERT_TRUE(run.wait_for([](const json& m) { return m.at("connecting_devices") == devices; }));
  broker.kill();
  const auto end = run.finish();
  EXPECT_EQ(end.exit_code, 3);
  EXPECT_EQ(end.trouble, "");
  EXPECT_EQ(end.total("planned"), 0U);
  EXPECT_EQ(end.metrics.at("failed_devices"), devices);
  EXPECT_TRUE(end.has("connect", "network")) << end.metrics.at("failures");
}

TEST_P(MosquittoFaults, FrozenItLeavesMessagesOpenAndThawedItAcknowledgesThem) {
  run_until_under_way();
  broker.freeze();
  const auto frozen =
      run.wait_for([](const json& m) { return total(m, "in_flight") >= 3 * devices; });
  ASSERT_TRUE(frozen);
  broker.thaw();
  const std::uint64_t sent = total(*frozen, "sent");
  ASSERT_TRUE(run.wait_for([&](const json& m) { return total(m, "acknowledged") > sent; }));
  const auto end = run.stop();
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_EQ(end.trouble, "");
  EXPECT_EQ(end.total("acknowledged"), end.total("sent"));
  EXPECT_TRUE(end.metrics.at("collapse").at("at_s").is_null());
  // The oldest of three bursts in flight waited at least two intervals.
  EXPECT_GE(end.metrics.at("latency_ms").at("ack_from_due").at("max"), 400);
}

TEST_P(MosquittoFaults, WithFullWindowsItCostsTheDueMessagesAndNoOthers) {
  option("--mqtt-max-inflight", "3");
  run_until_under_way();
  broker.freeze();
  ASSERT_TRUE(run.wait_for([](const json& m) { return total(m, "skipped") >= devices; }));
  const auto end = run.stop();
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_EQ(end.trouble, "");
  EXPECT_EQ(end.total("unacknowledged"), 3 * devices);
  EXPECT_TRUE(end.has("publish", "client-backpressure")) << end.metrics.at("failures");
}

INSTANTIATE_TEST_SUITE_P(Engines, MosquittoFaults, testing::Values("native", "paho"),
                         [](const auto& engine) { return engine.param; });

/// A port whose queue of connections is full: every further SYN is dropped.
class FullBacklog {
 public:
  FullBacklog() {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address_;
    bound_ = ::bind(listener_, generic(), size) == 0 && ::listen(listener_, 0) == 0 &&
             ::getsockname(listener_, generic(), &size) == 0;
    for (int& client : clients_) {
      client = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
      ::connect(client, generic(), sizeof address_);
    }
  }
  ~FullBacklog() {
    ::close(listener_);
    for (const int client : clients_) ::close(client);
  }
  FullBacklog(const FullBacklog&) = delete;
  FullBacklog& operator=(const FullBacklog&) = delete;

  [[nodiscard]] std::uint16_t port() const { return bound_ ? ntohs(address_.sin_port) : 0; }

 private:
  sockaddr* generic() { return reinterpret_cast<sockaddr*>(&address_); }

  int listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address_{};
  bool bound_ = false;
  int clients_[4] = {};
};

TEST(FullBacklogFault, IsATimeOutWhileConnectingAndExitCodeThree) {
  const FullBacklog server;
  test::TelemetryProgram run(server.port(), 3);
  run.options = {"--mqtt-connect-timeout-sec", "1"};
  run.start();
  const auto end = run.finish();
  EXPECT_EQ(end.exit_code, 3);
  EXPECT_EQ(end.trouble, "");
  EXPECT_EQ(end.metrics.at("failed_devices"), 3);
  EXPECT_TRUE(end.has("connect", "network-timeout")) << end.metrics.at("failures");
}

}  // namespace
}  // namespace stresskit
