#include "dashboard/device_states.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace stresskit::dashboard {
namespace {

using nlohmann::json;

std::string row(double t, std::size_t device, const char* state, const char* more = "") {
  return fmt::format("{{\"t\":{},\"type\":\"device\",\"device\":{},\"state\":\"{}\"{}}}\n", t,
                     device, state, more);
}

TEST(DeviceStates, EveryDeviceBeginsAsConnecting) {
  DeviceStates states;
  states.expect(4);
  EXPECT_EQ(states.news(0)["states"], "oooo");
}

TEST(DeviceStates, FollowsTheEvents) {
  DeviceStates states;
  states.expect(4);
  states.add_lines(row(1, 0, "connected") + row(1, 2, "failed") + row(2, 3, "connected") +
                   row(3, 3, "disconnected"));
  EXPECT_EQ(states.news(0)["states"], "cofd");
}

TEST(DeviceStates, OnlyChangesAreToldToWhoKnowsTheRest) {
  DeviceStates states;
  states.expect(100);
  states.add_lines(row(1, 5, "connected"));
  const auto since = states.sequence();
  states.add_lines(row(2, 7, "connected") + row(2, 9, "failed") + row(3, 9, "connected"));
  const json news = states.news(since);
  EXPECT_EQ(news["changes"].dump(), "{\"c\":[7,9]}");
  EXPECT_FALSE(news.contains("states"));
  EXPECT_TRUE(states.news(since + 99).contains("states"));
}

TEST(DeviceStates, AStormIsToldWhole) {
  DeviceStates states;
  states.expect(100);
  states.add_lines(row(1, 0, "connected"));
  const auto since = states.sequence();
  for (std::size_t i = 0; i < 50; ++i) {
    states.add_lines(row(2, i, "disconnected"));
  }
  EXPECT_TRUE(states.news(since).contains("states"));
}

TEST(DeviceStates, HistoryOfADeviceSaysWhy) {
  DeviceStates states;
  states.add_lines(row(1, 3, "connected") + row(2, 4, "connected") +
                   row(5.5, 3, "disconnected",
                       ",\"stage\":\"publish\",\"bucket\":\"network\",\"detail\":\"reset\""));
  const json history = states.history(3);
  ASSERT_EQ(history.size(), 2U);
  EXPECT_EQ(history[0]["state"], "connected");
  EXPECT_EQ(history[1]["t"], 5.5);
  EXPECT_EQ(history[1]["stage"], "publish");
  EXPECT_EQ(history[1]["bucket"], "network");
  EXPECT_EQ(history[1]["detail"], "reset");
  EXPECT_TRUE(states.history(99).empty());
}

TEST(DeviceStates, RowsThatMakeNoSenseAreSkipped) {
  DeviceStates states;
  states.expect(2);
  states.add_lines("\n{\"device\"\n[\"device\"]\n{\"type\":\"device\"}\n" + row(1, 0, "asleep") +
                   row(1, 99'999'999, "connected") +
                   "{\"type\":\"device\",\"device\":-1,\"state\":\"connected\"}\n"
                   "{\"type\":\"failure\",\"device\":1,\"state\":\"connected\"}\n");
  EXPECT_EQ(states.news(0)["states"], "oo");
  EXPECT_EQ(states.sequence(), 0U);
}

}  // namespace
}  // namespace stresskit::dashboard
