// What a run makes of a bad network between itself and an unmodified Mosquitto.
#include "support/faulty_link.hpp"
#include "support/mosquitto_broker.hpp"
#include "support/telemetry_program.hpp"

#include <gtest/gtest.h>

namespace stresskit {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using test::FaultyLink;
using Direction = FaultyLink::Direction;

constexpr std::size_t devices = 20;

std::uint64_t total(const json& m, const char* counter) {
  return m.at("totals").at(counter).get<std::uint64_t>();
}
bool has_acknowledgements(const json& m) {
  return m.at("connected_devices") == devices && total(m, "acknowledged") >= devices;
}

class NetworkFaults : public testing::Test {
 protected:
  void run_until_under_way() {
    run.start();
    ASSERT_TRUE(run.wait_for(has_acknowledgements));
  }
  /// Everybody is back and served as before.
  void wait_until_well() {
    const auto now = run.wait_for([](const json&) { return true; });
    ASSERT_TRUE(now);
    const std::uint64_t sent = total(*now, "sent");
    ASSERT_TRUE(run.wait_for([&](const json& m) {
      return has_acknowledgements(m) && total(m, "acknowledged") + total(m, "lost") >= sent &&
             total(m, "acknowledged") > total(*now, "acknowledged");
    }));
  }

  test::MosquittoBroker broker;
  FaultyLink link{broker.port()};
  test::TelemetryProgram run{link.port(), devices};
};

struct Ending {
  const char* name;
  void (FaultyLink::*end)();
};
class ConnectionsEnd : public NetworkFaults, public testing::WithParamInterface<Ending> {};

TEST_P(ConnectionsEnd, EverybodyIsLostOnceAndComesBack) {
  run_until_under_way();
  (link.*GetParam().end)();
  ASSERT_TRUE(run.wait_for([](const json& m) { return m.at("reconnects") >= devices; }));
  wait_until_well();
  const auto end = run.stop();
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_EQ(end.trouble, "");
  EXPECT_TRUE(end.has("disconnect", "network")) << end.metrics.at("failures");
  EXPECT_EQ(end.total("unacknowledged"), 0U);
}

INSTANTIATE_TEST_SUITE_P(Ways, ConnectionsEnd,
                         testing::Values(Ending{"Cut", &FaultyLink::cut},
                                         Ending{"Reset", &FaultyLink::reset}),
                         [](const auto& way) { return way.param.name; });

struct Slow {
  const char* name;
  FaultyLink::Conduct up;
  FaultyLink::Conduct down;
};
void PrintTo(const Slow& slow, std::ostream* out) {
  *out << slow.name;
}
class BytesAreSlow : public NetworkFaults, public testing::WithParamInterface<Slow> {};

TEST_P(BytesAreSlow, MessagesAreLateAndNoneIsLost) {
  run_until_under_way();
  link.set(Direction::up, GetParam().up);
  link.set(Direction::down, GetParam().down);
  ASSERT_TRUE(run.wait_for([](const json& m) { return total(m, "in_flight") >= devices; }));
  link.set_both({});
  wait_until_well();
  const auto end = run.stop();
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_EQ(end.trouble, "");
  EXPECT_EQ(end.total("lost"), 0U);
  EXPECT_EQ(end.total("acknowledged"), end.total("sent"));
  EXPECT_EQ(end.metrics.at("reconnects"), 0);
  EXPECT_TRUE(end.metrics.at("collapse").at("at_s").is_null());
}

INSTANTIATE_TEST_SUITE_P(
    Ways, BytesAreSlow,
    testing::Values(Slow{"DelayedBothWays", {.delay = 300ms}, {.delay = 300ms}},
                    Slow{"ThrottledUp", {.bytes_per_second = 50}, {}},
                    Slow{"ThrottledDown", {}, {.bytes_per_second = 5}},
                    Slow{"BlackHoleUp", {.hold = true}, {}},
                    Slow{"BlackHoleDown", {}, {.hold = true}},
                    Slow{"BlackHoleBothWays", {.hold = true}, {.hold = true}}),
    [](const auto& way) { return way.param.name; });

TEST_F(NetworkFaults, ABlackHoleThatStaysEndsTheConnectionsByTheKeepAlive) {
  run.options = {"--mqtt-keepalive-sec", "1", "--publish-interval-sec", "60"};
  run_until_under_way();
  link.set_both({.hold = true});
  ASSERT_TRUE(run.wait_for([](const json& m) { return m.at("disconnected_devices") == devices; }));
  const auto end = run.stop();
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_EQ(end.trouble, "");
  EXPECT_TRUE(end.has("disconnect", "network-timeout")) << end.metrics.at("failures");
}

TEST_F(NetworkFaults, AWayThatRefusesKeepsTheDevicesOutUntilItOpens) {
  run_until_under_way();
  link.refuse(true);
  link.cut();
  ASSERT_TRUE(run.wait_for([](const json& m) { return !m.at("collapse").at("at_s").is_null(); }));
  link.refuse(false);
  wait_until_well();
  const auto end = run.stop();
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_EQ(end.trouble, "");
  EXPECT_FALSE(end.metrics.at("collapse").at("recovered_at_s").is_null());
}

}  // namespace
}  // namespace stresskit
