#include "stresskit/mqtt/dialer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <vector>

namespace stresskit::mqtt {
namespace {

using namespace std::chrono_literals;
using fleet::Bucket;
using fleet::Failure;
using fleet::Stage;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Mono::time_point start{1000s};
constexpr Mono::time_point never = Mono::time_point::max();

const Failure cut{Stage::publish, Bucket::network, "cut"};
const Failure unknown_token{Stage::connect, Bucket::auth, "CONNACK 5"};

// Everything that is due at once.
std::vector<Slot> all_due(Dialer& dialer, Mono::time_point now) {
  std::vector<Slot> slots;
  while (const auto slot = dialer.next(now)) {
    slots.push_back(*slot);
  }
  return slots;
}

// The pause until the only waiting slot is dialled again, which this also does.
Mono::duration pause_until_redial(Dialer& dialer, Mono::time_point from) {
  const Mono::time_point due = dialer.wake();
  EXPECT_EQ(dialer.next(due - 1ns), std::nullopt);
  EXPECT_EQ(dialer.next(due), Slot{0});
  return due - from;
}

TEST(Dialer, OpensEverybodyAtOnceWithoutARate) {
  Dialer dialer(4, {}, start);
  EXPECT_THAT(all_due(dialer, start), ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(dialer.wake(), never);
}

TEST(Dialer, WaitsForItsStart) {
  Dialer dialer(1, {}, start);
  EXPECT_EQ(dialer.next(start - 1ns), std::nullopt);
  EXPECT_EQ(dialer.wake(), start);
}

TEST(Dialer, KeepsTheRate) {
  Dialer dialer(100, {.rate = 10}, start);
  EXPECT_THAT(all_due(dialer, start), ElementsAre(0));
  EXPECT_EQ(dialer.wake(), start + 100ms);
  EXPECT_THAT(all_due(dialer, start + 99ms), IsEmpty());
  EXPECT_THAT(all_due(dialer, start + 100ms), ElementsAre(1));
}

TEST(Dialer, KeepsTheRateOnAverageWhenItsOwnerIsALittleLate) {
  Dialer dialer(100, {.rate = 100}, start);
  std::size_t opened = 0;
  for (auto now = start; now < start + 300ms; now += 37ms) {
    opened += all_due(dialer, now).size();
  }
  EXPECT_EQ(opened, 30);  // up to 296 ms: at 0, 10, ..., 290 ms
}

TEST(Dialer, DoesNotMakeUpForALongPauseAllAtOnce) {
  Dialer dialer(1'000, {.rate = 100}, start);
  EXPECT_THAT(all_due(dialer, start), ElementsAre(0));
  EXPECT_EQ(all_due(dialer, start + 5s).size(), 11);  // 100 ms worth of it, and the one due now
}

TEST(Dialer, LimitsTheAttemptsUnderWay) {
  Dialer dialer(4, {.most_pending = 2}, start);
  EXPECT_THAT(all_due(dialer, start), ElementsAre(0, 1));
  EXPECT_EQ(dialer.wake(), start + 250ms) << "nothing is due before an attempt ends or ages";
  dialer.connected(0, start + 1ms);
  EXPECT_THAT(all_due(dialer, start + 1ms), ElementsAre(2));
  dialer.refused(1, unknown_token, start + 2ms);
  EXPECT_THAT(all_due(dialer, start + 2ms), ElementsAre(3));
}

// A server that does not answer costs each device its time-out, but not one after the other.
TEST(Dialer, AnAttemptThatGetsNoAnswerHoldsNobodyUpForLong) {
  Dialer dialer(6, {.most_pending = 2}, start);
  EXPECT_THAT(all_due(dialer, start), ElementsAre(0, 1));
  EXPECT_THAT(all_due(dialer, start + 249ms), IsEmpty());
  EXPECT_THAT(all_due(dialer, start + 250ms), ElementsAre(2, 3));
  dialer.refused(0, unknown_token, start + 300ms);
  EXPECT_THAT(all_due(dialer, start + 300ms), IsEmpty()) << "it no longer counted anyway";
  dialer.connected(2, start + 310ms);
  EXPECT_THAT(all_due(dialer, start + 310ms), ElementsAre(4));
  EXPECT_THAT(all_due(dialer, start + 500ms), ElementsAre(5));
}

TEST(Dialer, RedialsWithDoublingPausesUpToTheLongest) {
  Dialer dialer(1, {.first_delay = 1s, .most_delay = 60s}, start);
  ASSERT_EQ(dialer.next(start), Slot{0});
  Mono::time_point now = start;
  for (const auto longest : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
    dialer.refused(0, cut, now);
    const auto pause = pause_until_redial(dialer, now);
    EXPECT_GE(pause, longest / 2);
    EXPECT_LE(pause, longest);
    now += pause;
  }
}

TEST(Dialer, DevicesThatFailedTogetherDoNotComeBackTogether) {
  Dialer dialer(50, {}, start);
  for (const Slot slot : all_due(dialer, start)) {
    dialer.refused(slot, cut, start);
  }
  EXPECT_THAT(all_due(dialer, start + 499ms), IsEmpty());
  const std::size_t first_half = all_due(dialer, start + 750ms).size();
  EXPECT_GT(first_half, 10);
  EXPECT_LT(first_half, 40);
  EXPECT_EQ(first_half + all_due(dialer, start + 1s).size(), 50);
}

TEST(Dialer, TheSameSeedGivesTheSamePauses) {
  const auto pause = [](std::uint32_t seed) {
    Dialer dialer(1, {.seed = seed}, start);
    EXPECT_EQ(dialer.next(start), Slot{0});
    dialer.refused(0, cut, start);
    return dialer.wake() - start;
  };
  EXPECT_EQ(pause(7), pause(7));
  EXPECT_NE(pause(7), pause(8));
}

TEST(Dialer, AConnectionThatLastedStartsTheBackOffAnew) {
  Dialer dialer(1, {.settled_after = 10s}, start);
  ASSERT_EQ(dialer.next(start), Slot{0});
  for (int i = 0; i < 5; ++i) {
    dialer.refused(0, cut, start);
    pause_until_redial(dialer, start);
  }
  dialer.connected(0, start);
  dialer.lost(0, cut, start + 10s);
  EXPECT_LE(pause_until_redial(dialer, start + 10s), 1s);
}

// A server that accepts and closes at once must not be stormed.
TEST(Dialer, AConnectionThatEndedSoonGoesOnWithTheBackOff) {
  Dialer dialer(1, {.settled_after = 10s}, start);
  ASSERT_EQ(dialer.next(start), Slot{0});
  dialer.refused(0, cut, start);
  pause_until_redial(dialer, start);
  dialer.connected(0, start);
  dialer.lost(0, cut, start + 9s);
  EXPECT_GE(pause_until_redial(dialer, start + 9s), 1s);
}

TEST(Dialer, NeverRedialsADeviceWhoseIdentityIsRefused) {
  for (const Bucket bucket : {Bucket::auth, Bucket::client_id}) {
    Dialer dialer(2, {}, start);
    ASSERT_THAT(all_due(dialer, start), ElementsAre(0, 1));
    dialer.refused(0, {Stage::connect, bucket, ""}, start);
    dialer.connected(1, start);
    dialer.lost(1, {Stage::publish, bucket, "taken over"}, start + 1min);
    EXPECT_EQ(dialer.wake(), never);
    EXPECT_THAT(all_due(dialer, start + 1h), IsEmpty());
  }
}

TEST(Dialer, WithoutReconnectEveryDeviceHasOneAttempt) {
  Dialer dialer(2, {.reconnect = false}, start);
  ASSERT_THAT(all_due(dialer, start), ElementsAre(0, 1));
  dialer.refused(0, cut, start);
  dialer.connected(1, start);
  dialer.lost(1, cut, start + 1min);
  EXPECT_EQ(dialer.wake(), never);
  EXPECT_THAT(all_due(dialer, start + 1h), IsEmpty());
}

TEST(Dialer, TheRateHoldsForRedialsToo) {
  Dialer dialer(3, {.rate = 1}, start);
  for (const auto now : {start, start + 1s, start + 2s}) {
    for (const Slot slot : all_due(dialer, now)) {
      dialer.refused(slot, cut, now);
    }
  }
  EXPECT_EQ(all_due(dialer, start + 3s).size(), 1);
  EXPECT_EQ(dialer.wake(), start + 4s);
}

// Some that come back again and again must not keep the others from their first attempt.
TEST(Dialer, TheFirstRoundGoesBeforeRedials) {
  Dialer dialer(3, {.rate = 0.1}, start);
  ASSERT_EQ(dialer.next(start), Slot{0});
  dialer.refused(0, cut, start);
  EXPECT_EQ(dialer.next(start + 10s), Slot{1});
  EXPECT_EQ(dialer.next(start + 20s), Slot{2});
  EXPECT_EQ(dialer.next(start + 30s), Slot{0});
}

TEST(Dialer, KnowsWhenEverybodyHasBeenTried) {
  Dialer dialer(2, {}, start);
  ASSERT_THAT(all_due(dialer, start), ElementsAre(0, 1));
  dialer.refused(0, cut, start);
  ASSERT_EQ(dialer.next(start + 1s), Slot{0});
  dialer.refused(0, cut, start + 1s);
  EXPECT_FALSE(dialer.everybody_tried()) << "slot 1 has not answered; slot 0 counts once";
  dialer.connected(1, start + 1s);
  EXPECT_TRUE(dialer.everybody_tried());
}

}  // namespace
}  // namespace stresskit::mqtt
