#include "dashboard/growing_file.hpp"

#include "support/temp_dir.hpp"

#include "stresskit/support/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace stresskit::dashboard {
namespace {

class GrowingFileTest : public testing::Test {
 protected:
  void append(const std::string& text) const {
    std::ofstream(dir.path() / "rows", std::ios::app) << text;
  }
  Growth look() { return file.look(PublishedFolder(dir.path())); }

  test::TempDir dir;
  GrowingFile file{"rows", 16};
};

TEST_F(GrowingFileTest, BringsEachLineOnce) {
  EXPECT_TRUE(look().problem->missing);
  append("one\ntwo\n");
  EXPECT_EQ(look().lines, "one\ntwo\n");
  EXPECT_EQ(look().lines, "");
  append("three\n");
  EXPECT_EQ(look().lines, "three\n");
}

TEST_F(GrowingFileTest, ATornLineWaitsForItsEnd) {
  append("one\ntw");
  EXPECT_EQ(look().lines, "one\n");
  append("o\n");
  EXPECT_EQ(look().lines, "two\n");
}

TEST_F(GrowingFileTest, AnotherFileInItsPlaceIsReadFromItsBeginning) {
  append("one\ntwo\n");
  EXPECT_TRUE(look().is_new);
  EXPECT_FALSE(look().is_new);
  ASSERT_TRUE(support::replace_file(dir.path() / "rows", "other\n"));
  const Growth growth = look();
  EXPECT_TRUE(growth.is_new);
  EXPECT_EQ(growth.lines, "other\n");
}

TEST_F(GrowingFileTest, AFileThatShrankIsReadFromItsBeginning) {
  append("one\ntwo\n");
  (void)look();
  std::filesystem::resize_file(dir.path() / "rows", 4);
  EXPECT_TRUE(look().is_new);
}

TEST_F(GrowingFileTest, MuchComesInPortions) {
  append("0123456789\n0123456789\nab\n");
  Growth growth = look();
  EXPECT_TRUE(growth.more);
  EXPECT_EQ(growth.lines, "0123456789\n");
  const std::string tag = growth.tag;
  growth = look();
  EXPECT_FALSE(growth.more);
  EXPECT_EQ(growth.lines, "0123456789\nab\n");
  EXPECT_NE(growth.tag, tag);
}

TEST_F(GrowingFileTest, AnEndlessLineDoesNotStopTheReader) {
  append(std::string(40, 'x') + "\nnext\n");
  std::string all;
  for (int looks = 0; looks < 5; ++looks) {
    all += look().lines;
  }
  EXPECT_THAT(all, testing::EndsWith("\nnext\n"));
}

}  // namespace
}  // namespace stresskit::dashboard
