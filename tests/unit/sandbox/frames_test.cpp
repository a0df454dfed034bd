#include "sandbox/frames.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace stresskit::sandbox {
namespace {

TEST(Frames, ComeOutAsTheyWentInHoweverTheStreamIsCut) {
  const std::string first = FrameWriter(Frame::telemetry).str("device").i64(-5).str("").take();
  const std::string second =
      FrameWriter(Frame::verdict).u64(std::numeric_limits<std::uint64_t>::max()).u8(255).take();
  FrameSplitter splitter;
  std::size_t frames = 0;
  for (const char byte : first + second) {
    splitter.feed({&byte, 1});
    auto frame = splitter.next();
    if (!frame) continue;
    if (++frames == 1) {
      EXPECT_EQ(frame->type(), Frame::telemetry);
      EXPECT_EQ(frame->str(), "device");
      EXPECT_EQ(frame->i64(), -5);
      EXPECT_EQ(frame->str(), "");
    } else {
      EXPECT_EQ(frame->u64(), std::numeric_limits<std::uint64_t>::max());
      EXPECT_EQ(frame->u8(), 255);
    }
    EXPECT_TRUE(frame->good());
  }
  EXPECT_EQ(frames, 2);
}

TEST(Frames, AreNotGoodWhenReadPastTheirEnd) {
  FrameSplitter splitter;
  splitter.feed(FrameWriter(Frame::evict).u8(1).take());
  auto frame = splitter.next();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->u64(), 0);
  EXPECT_FALSE(frame->good());
  EXPECT_EQ(frame->str(), "");
}

}  // namespace
}  // namespace stresskit::sandbox
