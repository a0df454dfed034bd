#include "sandbox/recorder.hpp"

#include <gtest/gtest.h>

namespace stresskit::sandbox {
namespace {

TEST(RecorderTest, TellsWhatWasStoredFromWhatWasReceived) {
  Recorder recorder;
  recorder.telemetry("device", {1'000, 1, false});
  const std::size_t second = recorder.telemetry("device", {2'000, 2, false});
  recorder.stored("device", second);

  const auto receipts = recorder.receipts("device");
  ASSERT_EQ(receipts.size(), 2);
  EXPECT_FALSE(receipts[0].stored);
  EXPECT_TRUE(receipts[1].stored);
  EXPECT_EQ(receipts[1].seq, 2);
  EXPECT_EQ(receipts[1].ts, 2'000);
  EXPECT_EQ(recorder.totals().messages, 2);
  EXPECT_EQ(recorder.totals().stored, 1);
}

TEST(RecorderTest, KeepsItsTotalsOfADeviceThatIsForgotten) {
  Recorder recorder;
  const std::size_t receipt = recorder.telemetry("device", {1'000, 1, false});
  recorder.forget("device");
  recorder.stored("device", receipt);
  EXPECT_TRUE(recorder.receipts("device").empty());
  EXPECT_EQ(recorder.totals().messages, 1);
}

}  // namespace
}  // namespace stresskit::sandbox
