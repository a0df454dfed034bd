#include "stresskit/verification/accounting.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stresskit::verification {
namespace {

using metrics::Outcome;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Outcome not_sent = Outcome::not_sent;
constexpr Outcome acked = Outcome::acknowledged;
constexpr Outcome lost = Outcome::lost;
constexpr Outcome unacked = Outcome::unacknowledged;

Deeds deeds(std::vector<Outcome> outcomes) {
  Deeds out;
  for (std::size_t k = 0; k < outcomes.size(); ++k) {
    out.bursts.push_back(k);
  }
  out.outcomes = std::move(outcomes);
  return out;
}

TEST(Accounting, EverythingAcknowledgedAndStoredIsSettled) {
  const Deeds done = deeds({acked, not_sent, acked});
  EXPECT_EQ(account(done, {0, 2}), settled(done));
  EXPECT_EQ(settled(done).stored, 2U);
}

TEST(Accounting, AcknowledgedAndNotStoredIsMissing) {
  const Account got = account(deeds({acked, acked, acked, acked}), {3, 1});
  EXPECT_EQ(got.stored, 2U);
  EXPECT_THAT(got.missing_acknowledged, ElementsAre(0, 2));
}

TEST(Accounting, StoredWithoutAnAcknowledgementIsNamed) {
  const Account got = account(deeds({lost, unacked, lost, acked}), {1, 2, 3});
  EXPECT_EQ(got.stored, 3U);
  EXPECT_THAT(got.stored_unacknowledged, ElementsAre(1, 2));
  EXPECT_THAT(got.missing_acknowledged, IsEmpty());
}

TEST(Accounting, RepeatedNumbersCountOnce) {
  EXPECT_EQ(account(deeds({acked}), {0, 0, 0}).stored, 1U);
}

TEST(Accounting, NumbersThatWereNeverSentAreNotStoredMessages) {
  const Account got = account(deeds({acked, not_sent}), {0, 1, 17});
  EXPECT_EQ(got.stored, 1U);
  EXPECT_EQ(got.unexpected, 2U);
}

TEST(Accounting, AMessageSealedForAMissedBurstStandsForTheNextOne) {
  const Account got = account(deeds({acked, not_sent, acked, acked}), {0, 1, 3});
  EXPECT_EQ(got.stored, 3U);
  EXPECT_THAT(got.missing_acknowledged, IsEmpty());
  EXPECT_EQ(got.unexpected, 0U);
}

TEST(Accounting, AnEarlierMissingMessageIsNotReplacedByALaterNumber) {
  const Account got = account(deeds({acked, acked, not_sent}), {1, 2});
  EXPECT_THAT(got.missing_acknowledged, ElementsAre(0));
  EXPECT_EQ(got.unexpected, 1U);
}

TEST(Accounting, BurstsWhoseMessagesAreNotKnownAreLeftOut) {
  Deeds late = deeds({acked, acked});
  late.bursts = {5, 9};
  const Account got = account(late, {5});
  EXPECT_THAT(got.missing_acknowledged, ElementsAre(9));
}

TEST(Accounting, ACountFitsOnlyWhenNoFateIsOpen) {
  EXPECT_TRUE(count_fits(deeds({acked, acked, not_sent}), 2));
  EXPECT_FALSE(count_fits(deeds({acked, acked, not_sent}), 1));
  EXPECT_FALSE(count_fits(deeds({acked, lost}), 1)) << "which of the two is it?";
}

}  // namespace
}  // namespace stresskit::verification
