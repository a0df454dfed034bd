// Every writer of files, with every step of its writing failing once, or being the last thing that
// the process does. Whatever happens: what could not be written is reported, a file that is
// replaced is the old one or the new one, a file that grows holds whole rows, and the next write
// succeeds.
#include "faults/file_layer.hpp"
#include "faults/file_writers.hpp"
#include "support/sandbox_process.hpp"
#include "support/temp_dir.hpp"

#include "stresskit/report/run_console.hpp"
#include "stresskit/support/log.hpp"
#include "stresskit/verification/observer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace stresskit {
namespace test {

void PrintTo(const FileWriter& writer, std::ostream* out) {
  *out << writer.name;
}

}  // namespace test
namespace {

namespace fs = std::filesystem;
using test::FileLayer;
using test::FileWriter;
using testing::AnyOf;
using testing::HasSubstr;

/// What is told of a failed write; empty when it succeeded.
std::string told(const FileWriter& writer, const fs::path& folder) {
  std::size_t warnings = 0;
  support::before_log_lines([&] { ++warnings; });
  std::string words;
  try {
    if (const auto written = writer.write(folder); !written) {
      words = written.error();
    }
  } catch (const support::Error& error) {
    EXPECT_EQ(error.code(), writer.exit_code) << error.what();
    words = error.what();
  }
  support::before_log_lines(nullptr);
  EXPECT_TRUE(words != test::warned || warnings > 0) << "it failed without a word";
  return words;
}

bool succeeds(const FileWriter& writer, const fs::path& folder) {
  return told(writer, folder).empty();
}

bool next_write_succeeds(const FileWriter& writer, const fs::path& folder) {
  const FileLayer healthy(folder);  // it also spares the time of syncing
  return succeeds(writer, folder);
}

std::string leftovers(const fs::path& folder) {
  std::string found;
  for (const auto& file : fs::recursive_directory_iterator(folder)) {
    const std::string name = file.path().filename();
    if (name.starts_with('.')) found += name + " ";
  }
  return found;
}

class FileFaults : public testing::TestWithParam<FileWriter> {
 protected:
  const FileWriter& writer = GetParam();

  std::vector<FileLayer::Record> steps() {
    const test::TempDir dir;
    FileLayer layer(dir.path());
    EXPECT_TRUE(succeeds(writer, dir.path()));
    return layer.records();
  }
  static std::string words(const std::vector<FileLayer::Record>& all, std::size_t n) {
    return "step " + std::to_string(n) + ": " + to_string(all[n].step) + " " + all[n].path.string();
  }
};

TEST_P(FileFaults, AStepThatFailsIsReportedAndNothingWholeIsLost) {
  constexpr int errors[] = {ENOSPC, EIO, EROFS, EACCES};
  const auto all = steps();
  for (std::size_t n = 0; n < all.size(); ++n) {
    const int error = errors[n % std::size(errors)];
    SCOPED_TRACE(words(all, n) + ": " + std::strerror(error));
    const test::TempDir dir;
    {
      FileLayer layer(dir.path());
      layer.fail(n, all.size() * 4, error);  // and every later one, as a disk stays full
      // The folder is synced once the new file is in its place: a failure there is none of writing.
      const bool in_place = n + 1 == all.size() && all[n].step == FileLayer::Step::sync;
      const std::string words = told(writer, dir.path());
      EXPECT_EQ(words.empty(), in_place);
      if (!in_place) {
        EXPECT_THAT(words, AnyOf(test::warned, HasSubstr(std::strerror(error))));
      }
    }
    EXPECT_EQ(writer.trouble(dir.path()), "");
    EXPECT_EQ(leftovers(dir.path()), "");
    fs::remove_all(dir / "runs/run");  // every run writes a folder of its own
    EXPECT_TRUE(next_write_succeeds(writer, dir.path()));
  }
}

TEST_P(FileFaults, AStepThatFailsOnceLeavesFilesThatCanBeRead) {
  const auto all = steps();
  for (std::size_t n = 0; n < all.size(); ++n) {
    SCOPED_TRACE(words(all, n));
    const test::TempDir dir;
    {
      FileLayer layer(dir.path());
      layer.fail(n, n, ENOSPC);
      (void)succeeds(writer, dir.path());
    }
    EXPECT_EQ(writer.trouble(dir.path()), "");
    EXPECT_EQ(leftovers(dir.path()), "");
  }
}

TEST_P(FileFaults, KilledAtAnyStepItLeavesTheOldFileOrTheNewOne) {
  const auto all = steps();
  for (std::size_t n = 0; n < all.size(); ++n) {
    SCOPED_TRACE(words(all, n));
    const test::TempDir dir;
    const pid_t child = ::fork();
    if (child == 0) {
      FileLayer layer(dir.path());
      layer.die_at(n);
      (void)writer.write(dir.path());
      ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child lived";
    const std::string trouble = writer.trouble(dir.path());
    EXPECT_TRUE(trouble.empty() || trouble.ends_with("the last row is torn and left out"))
        << trouble;
    fs::remove_all(dir / "runs/run");
    EXPECT_TRUE(next_write_succeeds(writer, dir.path()));
    EXPECT_EQ(writer.trouble(dir.path()), "");
  }
}

// What a power cut needs: no name points to bytes that are not on the disk.
TEST_P(FileFaults, WhatIsRenamedWasSyncedBeforeAndTheFolderIsSyncedAfter) {
  const auto all = steps();
  for (std::size_t n = 0; n < all.size(); ++n) {
    if (all[n].step != FileLayer::Step::rename) continue;
    ASSERT_GE(n, 2U);
    EXPECT_EQ(all[n - 1].step, FileLayer::Step::sync) << all[n].to;
    EXPECT_EQ(all[n - 1].path, all[n].path);
    ASSERT_LT(n + 1, all.size());
    EXPECT_EQ(all[n + 1].step, FileLayer::Step::sync) << all[n].to;
    EXPECT_EQ(all[n + 1].path, all[n].to.parent_path());
  }
}

TEST_P(FileFaults, AFolderThatGoesAwayInTheMiddleIsReported) {
  const test::TempDir dir;
  const fs::path folder = dir / "data";
  fs::create_directory(folder);
  ASSERT_TRUE(next_write_succeeds(writer, folder));
  fs::remove_all(folder);
  std::ofstream(folder) << "in the way";
  EXPECT_FALSE(succeeds(writer, folder));
}

INSTANTIATE_TEST_SUITE_P(Writers, FileFaults, testing::ValuesIn(test::file_writers()),
                         [](const auto& writer) { return writer.param.name; });

// The only writer on a thread of its own: what it cannot write must reach the exit code.
TEST(ObserverFault, ARunWhoseObserverCannotWriteGoesOnAndExitsWithOne) {
  test::SandboxProcess sandbox;
  const std::vector<fleet::Device> devices{
      {"sim-001", "token", sandbox.create_device("sim-001", "token")}};
  const test::TempDir dir;
  FileLayer layer(dir.path());
  layer.fail(3, SIZE_MAX, ENOSPC);  // after both files were made
  config::ThingsBoard server;
  server.url = sandbox.url();
  server.username = sandbox.username();
  server.password = sandbox.password();
  server.timeout = std::chrono::seconds(5);
  std::atomic<bool> warned = false;
  support::before_log_lines([&] { warned = true; });
  verification::Observer observer({devices, 1, false, 1, dir.path(), server, ""},
                                  support::real_clock());
  const auto deadline = support::Mono::now() + std::chrono::seconds(30);
  while (!warned && support::Mono::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  observer.stop();
  support::before_log_lines(nullptr);
  EXPECT_TRUE(warned);
  EXPECT_FALSE(observer.intact());
  EXPECT_EQ(report::exit_code({}, observer.intact()), support::ExitCode::failed);
}

}  // namespace
}  // namespace stresskit
