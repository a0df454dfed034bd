#include "stresskit/support/files.hpp"

#include "support/temp_dir.hpp"

#include "stresskit/support/error.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

namespace stresskit::support {
namespace {

mode_t mode_of(const std::filesystem::path& path) {
  struct stat info {};
  EXPECT_EQ(::stat(path.c_str(), &info), 0);
  return info.st_mode & 0777;
}

std::size_t entries(const std::filesystem::path& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

TEST(ReplaceFile, PutsNewContentsInPlaceAndLeavesNothingBeside) {
  const test::TempDir dir;
  ASSERT_TRUE(replace_file(dir / "f", "old"));
  ASSERT_TRUE(replace_file(dir / "f", "new"));
  EXPECT_EQ(*read_file(dir / "f"), "new");
  EXPECT_EQ(entries(dir.path()), 1U);
}

TEST(ReplaceFile, ASecretIsReadableByItsOwnerOnly) {
  const test::TempDir dir;
  ASSERT_TRUE(replace_file(dir / "f", "token", 0600));
  EXPECT_EQ(mode_of(dir / "f"), 0600U);
}

/// The umask of the whole process, put back at the end.
class Umask {
 public:
  explicit Umask(mode_t mask) : before_(::umask(mask)) {}
  ~Umask() { ::umask(before_); }

 private:
  mode_t before_;
};

TEST(ReplaceFile, ASecretStaysOneWithoutAnyUmask) {
  const test::TempDir dir;
  const Umask everything_is_allowed(0);
  ASSERT_TRUE(replace_file(dir / "f", "token", 0600));
  EXPECT_EQ(mode_of(dir / "f"), 0600U);
}

TEST(SymbolicLinks, AreReplacedByAWriterAndRefusedByAReader) {
  const test::TempDir dir;
  ASSERT_TRUE(replace_file(dir / "outside", "theirs"));
  std::filesystem::create_symlink(dir / "outside", dir / "link");
  EXPECT_NE(read_file(dir / "link").error().find("symbolic link"), std::string::npos);
  EXPECT_EQ(*read_file(dir / "link", Links::follow), "theirs");
  EXPECT_FALSE(AppendFile::open(dir / "link"));
  ASSERT_TRUE(replace_file(dir / "link", "ours"));
  EXPECT_EQ(*read_file(dir / "link"), "ours");
  EXPECT_EQ(*read_file(dir / "outside"), "theirs");
}

TEST(ReplaceFile, AFailureNamesThePathAndKeepsTheOldFile) {
  const test::TempDir dir;
  const auto result = replace_file(dir / "missing" / "f", "x");
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().find("missing/f"), std::string::npos);
  EXPECT_NE(result.error().find("No such file"), std::string::npos);
}

TEST(ReplaceFile, AFolderInTheWayIsAnErrorAndNoTemporaryFileStays) {
  const test::TempDir dir;
  std::filesystem::create_directory(dir / "f");
  EXPECT_FALSE(replace_file(dir / "f", "x"));
  EXPECT_EQ(entries(dir.path()), 1U);
}

TEST(ReadFile, AFolderIsAnErrorWithItsReason) {
  const test::TempDir dir;
  const auto result = read_file(dir.path());
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().find("Is a directory"), std::string::npos);
}

TEST(RequireWritableFolder, MakesMissingParents) {
  const test::TempDir dir;
  require_writable_folder(dir / "a" / "b");
  EXPECT_TRUE(std::filesystem::is_directory(dir / "a" / "b"));
  EXPECT_EQ(entries(dir / "a" / "b"), 0U);
}

TEST(RequireWritableFolder, AFileInTheWayIsAUsageError) {
  const test::TempDir dir;
  ASSERT_TRUE(replace_file(dir / "f", "x"));
  try {
    require_writable_folder(dir / "f");
    FAIL() << "a file is no folder";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    EXPECT_NE(std::string(error.what()).find("data directory"), std::string::npos);
  }
}

TEST(AppendFile, IsReadableForAllWhateverTheUmaskAndKeepsAModeThatWasGiven) {
  const test::TempDir dir;
  const Umask nothing_for_others(077);
  ASSERT_TRUE(AppendFile::open(dir / "f"));
  EXPECT_EQ(mode_of(dir / "f"), 0644U);
  ASSERT_EQ(::chmod((dir / "f").c_str(), 0640), 0);
  ASSERT_TRUE(AppendFile::open(dir / "f"));
  EXPECT_EQ(mode_of(dir / "f"), 0640U);
}

TEST(AppendFile, GrowsByWholeRowsAcrossReopening) {
  const test::TempDir dir;
  for (const char* row : {"a\n", "b\n"}) {
    auto file = AppendFile::open(dir / "f");
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->append(row));
  }
  EXPECT_EQ(*read_file(dir / "f"), "a\nb\n");
}

}  // namespace
}  // namespace stresskit::support
