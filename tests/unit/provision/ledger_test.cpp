#include "provision/ledger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stresskit::provision {
namespace {

using testing::HasSubstr;
using thingsboard::ApiError;
using thingsboard::ErrorKind;

ApiError error(ErrorKind kind) {
  ApiError out;
  out.kind = kind;
  return out;
}

TEST(Ledger, HandsOutEveryJobOnce) {
  Ledger ledger(2, 1);
  EXPECT_EQ(ledger.next(), 0U);
  EXPECT_EQ(ledger.next(), 1U);
  EXPECT_EQ(ledger.next(), std::nullopt);
}

TEST(Ledger, FailuresComeOrderedByNumber) {
  Ledger ledger(3, 1);
  ledger.failed("sim-1000", "a");
  ledger.failed("sim-002", "b");
  ASSERT_EQ(ledger.failures().size(), 2U);
  EXPECT_EQ(ledger.failures().front().name, "sim-002");
  EXPECT_EQ(ledger.done(), 2U);
}

TEST(Ledger, StoppedJobIsNotDoneAndEndsIt) {
  Ledger ledger(3, 1);
  ledger.failed("sim-001", error(ErrorKind::stopped));
  EXPECT_EQ(ledger.done(), 0U);
  EXPECT_EQ(ledger.next(), std::nullopt);
  EXPECT_EQ(ledger.ended_early(), "interrupted");
}

TEST(Ledger, LostLogInEndsIt) {
  Ledger ledger(3, 1);
  ledger.failed("sim-001", error(ErrorKind::session_refused));
  EXPECT_TRUE(ledger.log_in_failed());
  EXPECT_EQ(ledger.next(), std::nullopt);
}

TEST(Ledger, ManyPassingFailuresInARowMeanThatTheServerIsGone) {
  Ledger ledger(100, 4);
  for (int i = 0; i < 7; ++i) {
    ledger.failed("a", error(ErrorKind::timed_out));
  }
  ledger.succeeded();
  for (int i = 0; i < 7; ++i) {
    ledger.failed("a", error(ErrorKind::refused));
  }
  EXPECT_NE(ledger.next(), std::nullopt);
  ledger.failed("a", error(ErrorKind::unavailable));
  EXPECT_EQ(ledger.next(), std::nullopt);
  EXPECT_THAT(ledger.ended_early(), HasSubstr("does not answer any more"));
}

TEST(Ledger, RefusalsOfSingleDevicesNeverEndIt) {
  Ledger ledger(100, 1);
  for (int i = 0; i < 50; ++i) {
    ledger.failed("a", error(ErrorKind::rejected));
  }
  EXPECT_NE(ledger.next(), std::nullopt);
}

TEST(Ledger, FirstReasonToEndCounts) {
  Ledger ledger(3, 1);
  ledger.end("disk full");
  ledger.end("interrupted");
  EXPECT_EQ(ledger.ended_early(), "disk full");
}

}  // namespace
}  // namespace stresskit::provision
