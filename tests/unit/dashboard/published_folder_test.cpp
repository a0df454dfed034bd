#include "dashboard/published_folder.hpp"

#include "support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sys/stat.h>

namespace stresskit::dashboard {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class PublishedFolderTest : public testing::Test {
 protected:
  PublishedFolderTest() {
    fs::create_directories(root / "runs" / "one");
    write(root / "runs" / "one" / "timeline.csv", "rows");
    write(outside, "secret");
  }

  static void write(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }

  [[nodiscard]] std::string read(const std::string& relative) const {
    const auto file = PublishedFolder(root).open(relative);
    return file ? file->contents().value() : "refused: " + file.error().reason;
  }

  test::TempDir dir;
  fs::path root = dir.path() / "data";
  fs::path outside = dir.path() / "outside.txt";
};

TEST_F(PublishedFolderTest, GivesAFileBelow) {
  EXPECT_EQ(read("runs/one/timeline.csv"), "rows");
}

TEST_F(PublishedFolderTest, NoPathLeadsOut) {
  for (const char* path : {"../outside.txt", "runs/../../outside.txt", "./runs/one/timeline.csv",
                           "/etc/passwd", "", "/", "runs//one/timeline.csv", "runs/one/"}) {
    EXPECT_THAT(read(path), HasSubstr("refused")) << path;
  }
  EXPECT_THAT(read(std::string("runs/one/timeline.csv\0.css", 26)), HasSubstr("refused"));
}

TEST_F(PublishedFolderTest, LinksAreNotFollowedAnywhereOnTheWay) {
  fs::create_symlink(outside, root / "metrics.json");
  fs::create_directory_symlink(dir.path(), root / "runs" / "link");
  EXPECT_THAT(read("metrics.json"), HasSubstr("symbolic link"));
  EXPECT_THAT(read("runs/link/outside.txt"), HasSubstr("refused"));
  EXPECT_THAT(PublishedFolder(root).folders("runs"), UnorderedElementsAre("one"));
}

TEST_F(PublishedFolderTest, TheFolderItselfMayBeALink) {
  fs::create_directory_symlink(root, dir.path() / "alias");
  EXPECT_TRUE(PublishedFolder(dir.path() / "alias").open("runs/one/timeline.csv"));
}

// Opening a pipe would wait for its writer, for ever.
TEST_F(PublishedFolderTest, OnlyRegularFilesAreRead) {
  ASSERT_EQ(::mkfifo((root / "metrics.json").c_str(), 0600), 0);
  EXPECT_THAT(read("metrics.json"), HasSubstr("regular"));
  EXPECT_THAT(read("runs"), HasSubstr("regular"));
}

TEST_F(PublishedFolderTest, MissingFolderIsAMissingFile) {
  const PublishedFolder nowhere(dir.path() / "not-yet");
  EXPECT_TRUE(nowhere.open("metrics.json").error().missing);
  EXPECT_THAT(nowhere.folders("runs"), testing::IsEmpty());
}

TEST_F(PublishedFolderTest, TagChangesWithTheFile) {
  const PublishedFolder folder(root);
  const std::string before = folder.open("runs/one/timeline.csv")->tag();
  EXPECT_EQ(folder.open("runs/one/timeline.csv")->tag(), before);
  write(root / "runs" / "one" / "timeline.csv", "more rows");
  EXPECT_NE(folder.open("runs/one/timeline.csv")->tag(), before);
}

}  // namespace
}  // namespace stresskit::dashboard
