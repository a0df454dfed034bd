#include "stresskit/metrics/limits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <netdb.h>

namespace stresskit::metrics {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;

struct Case {
  const char* what;
  LimitEvidence evidence;
  std::vector<const char*> names;
};

/// 500 devices that were accepted and closed on their message `messages`.
LimitEvidence closed(std::uint32_t messages, std::uint64_t closings, std::uint64_t at_once) {
  LimitEvidence e;
  e.devices = 500;
  e.most_connected = 500;
  e.interval_s = 1;
  e.closings = closings;
  e.closed_after[messages] = closings;
  e.most_at_once = at_once;
  e.cut_off = closings;
  return e;
}

LimitEvidence with(LimitEvidence e, auto change) {
  change(e);
  return e;
}

const std::vector<Case> cases{
    {"nothing happened", with({}, [](auto& e) { e.devices = e.most_connected = 500; }), {}},
    {"two accidents", closed(17, 2, 1), {}},
    {"every device on its message 11",
     closed(11, 500, 500),
     {"device message or data-point limit"}},
    {"again and again", closed(11, 1'500, 500), {"device message or data-point limit"}},
    {"400 of 500 on the first message of each burst",
     closed(1, 4'000, 400),
     {"tenant message or data-point limit"}},
    {"all at once, whenever they had connected",
     with(closed(10, 500, 500),
          [](auto& e) {
            e.closed_after = {{8, 170}, {9, 170}, {10, 160}};
          }),
     {"tenant message limit or monthly quota"}},
    {"some in each burst, whenever they had connected",
     with(closed(10, 90, 5),
          [](auto& e) {
            e.closed_after = {{1, 30}, {7, 30}, {19, 30}};
          }),
     {"tenant message or data-point limit"}},
    {"lost connections of a bad network",
     with(closed(10, 90, 3), [](auto& e) { e.cut_off = 4; }),
     {}},
    {"the server stopped",
     with(closed(10, 500, 500), [](auto& e) { e.refused_tcp = 900; }),
     {"no limit: the server stopped"}},
    {"the server stopped behind a proxy, which goes on accepting",
     with(closed(10, 500, 500), [](auto& e) { e.closed_unanswered = 900; }),
     {"no limit: the server stopped"}},
    {"a limit for the 50 that a proxy let in",
     with(closed(11, 50, 50),
          [](auto& e) {
            e.most_connected = 50;
            e.closed_unanswered = 450;
          }),
     {"tenant message or data-point limit", "connections per source address of HAProxy"}},
    {"a limit, and a few attempts that failed on their way",
     with(closed(11, 500, 500), [](auto& e) { e.unreachable = 3; }),
     {"device message or data-point limit"}},
    {"closed between bursts, nothing cut off",
     with(closed(10, 500, 500), [](auto& e) { e.cut_off = 0; }),
     {}},
    {"CONNACK 3 after 100",
     with({},
          [](auto& e) {
            e.devices = 500;
            e.most_connected = 100;
            e.refused_unavailable = 400;
            e.accepted_before_unavailable = 100;
          }),
     {"connection rate limit, or an overloaded server"}},
    {"CONNACK 5 for some",
     with({},
          [](auto& e) {
            e.devices = 500;
            e.most_connected = 498;
            e.refused_unknown = 2;
          }),
     {"no limit: unknown access tokens"}},
    {"the proxy's 50 connections",
     with({},
          [](auto& e) {
            e.devices = 500;
            e.most_connected = 50;
            e.closed_unanswered = 450;
          }),
     {"connections per source address of HAProxy"}},
    {"the proxy's 50 connections from two addresses",
     with({},
          [](auto& e) {
            e.devices = 500;
            e.addresses = 2;
            e.most_connected = 100;
            e.closed_unanswered = 400;
          }),
     {"connections per source address of HAProxy"}},
    {"51 connected, others closed",
     with({},
          [](auto& e) {
            e.most_connected = 51;
            e.closed_unanswered = 449;
          }),
     {}},
    {"blocked after wrong tokens",
     with({},
          [](auto& e) {
            e.most_connected = 20;
            e.refused_unknown = 10;
            e.closed_unanswered = 470;
          }),
     {"no limit: unknown access tokens", "address blocked after wrong credentials"}},
    {"taken over, says MQTT 5",
     with({}, [](auto& e) { e.taken_over = 1; }),
     {"no limit: another client uses the same access tokens"}},
    {"closed again and again with nothing open, accepted each time",
     with(closed(10, 1'200, 500),
          [](auto& e) {
            e.cut_off = 30;
            e.closed_again = 480;
          }),
     {"no limit: another client uses the same access tokens"}},
    {"closed again and again by a server that also refuses",
     with(closed(10, 1'200, 500),
          [](auto& e) {
            e.cut_off = 0;
            e.closed_again = 480;
            e.closed_unanswered = 5;
          }),
     {}},
    {"closed again and again over a network that fails",
     with(closed(10, 1'200, 500),
          [](auto& e) {
            e.cut_off = 0;
            e.closed_again = 480;
            e.unreachable = 5;
          }),
     {}},
    {"429 in REST", with({}, [](auto& e) { e.rest_rate_limited = 3; }), {"REST request limit"}},
};

TEST(Limits, EveryPatternHasItsName) {
  for (const Case& each : cases) {
    std::vector<std::string> names;
    for (const Limit& limit : limits(each.evidence)) {
      names.push_back(limit.name);
      EXPECT_NE(limit.evidence, "") << each.what;
      EXPECT_NE(limit.setting, "") << each.what;
    }
    EXPECT_EQ(names, std::vector<std::string>(each.names.begin(), each.names.end())) << each.what;
  }
}

TEST(Limits, TheEvidenceSaysAfterHowManyMessages) {
  EXPECT_THAT(limits(closed(11, 500, 500)).at(0).evidence, HasSubstr("on message 11"));
}

StateChange change(DeviceState state, std::chrono::milliseconds at, std::uint32_t messages = 0) {
  return {
      .at = Mono::time_point(at), .state = state, .messages = messages, .cut_off = messages > 0};
}

TEST(LimitWatch, CountsClosingsByMessagesAndBySecond) {
  LimitWatch watch;
  for (int i = 0; i < 3; ++i) {
    watch.note(0, change(DeviceState::connected, 0ms), DeviceState::connecting, nullptr);
  }
  watch.note(0, change(DeviceState::disconnected, 5'000ms, 11), DeviceState::connected, nullptr);
  watch.note(0, change(DeviceState::disconnected, 5'900ms, 11), DeviceState::connected, nullptr);
  watch.note(0, change(DeviceState::disconnected, 9'000ms, 12), DeviceState::connected, nullptr);
  const LimitEvidence seen = watch.evidence({});
  EXPECT_EQ(seen.closings, 3U);
  EXPECT_EQ(seen.closed_after.at(11), 2U);
  EXPECT_EQ(seen.most_at_once, 2U);
  EXPECT_EQ(seen.cut_off, 3U);
  EXPECT_EQ(seen.most_connected, 3U);
}

TEST(LimitWatch, DevicesThatAreClosedInGoodOrderAgainAreCountedOnce) {
  const fleet::Failure closed{fleet::Stage::disconnect, fleet::Bucket::network,
                              "the server closed the connection"};
  const fleet::Failure reset{fleet::Stage::disconnect, fleet::Bucket::network, "reset", ECONNRESET};
  LimitWatch watch;
  const auto end = [&](std::size_t device, const fleet::Failure& why, std::uint32_t open = 0) {
    watch.note(device, change(DeviceState::connected, 0ms), DeviceState::connecting, nullptr);
    watch.note(device, change(DeviceState::disconnected, 1ms, open), DeviceState::connected, &why);
  };
  for (int i = 0; i < 3; ++i) {
    end(0, closed);
    end(1, reset);
    end(2, closed, 1);
  }
  end(3, closed);
  EXPECT_EQ(watch.evidence({}).closed_again, 1U);
  const fleet::Failure taken{fleet::Stage::disconnect, fleet::Bucket::client_id, "taken over",
                             0x8E};
  EXPECT_EQ(watch.evidence({{taken, 7}}).taken_over, 7U);
}

TEST(LimitWatch, RefusalsAreToldApart) {
  using fleet::Bucket;
  using fleet::Stage;
  LimitWatch watch;
  const fleet::Failure unavailable{Stage::connect, Bucket::broker, "CONNACK 3: server unavailable",
                                   3};
  watch.note(0, change(DeviceState::connected, 0ms), DeviceState::connecting, nullptr);
  watch.note(0, change(DeviceState::failed, 1ms), DeviceState::connecting, &unavailable);
  watch.note(0, change(DeviceState::connected, 2ms), DeviceState::connecting, nullptr);
  const LimitEvidence seen =
      watch.evidence({{unavailable, 4},
                      {{Stage::connect, Bucket::auth, "CONNACK 5: not authorized", 5}, 3},
                      {{Stage::connect, Bucket::network, "Connection refused", ECONNREFUSED}, 2},
                      {{Stage::connect, Bucket::network, "closed by the server", {}}, 1},
                      {{Stage::connect, Bucket::network, "reset", ECONNRESET}, 1},
                      {{Stage::connect, Bucket::network, "Paho -1: socket error", -1}, 1},
                      {{Stage::connect, Bucket::network, "No route to host", EHOSTUNREACH}, 20},
                      {{Stage::connect, Bucket::network, "Name not known", EAI_NONAME}, 20},
                      {{Stage::connect, Bucket::network, "Paho -1: TCP connect timeout", -1}, 20},
                      {{Stage::publish, Bucket::network, "closed by the server", 0}, 9}});
  EXPECT_EQ(seen.accepted_before_unavailable, 1U);
  EXPECT_EQ(seen.refused_unavailable, 4U);
  EXPECT_EQ(seen.refused_unknown, 3U);
  EXPECT_EQ(seen.refused_tcp, 2U);
  EXPECT_EQ(seen.closed_unanswered, 3U);
  EXPECT_EQ(seen.unreachable, 60U);
}

}  // namespace
}  // namespace stresskit::metrics
