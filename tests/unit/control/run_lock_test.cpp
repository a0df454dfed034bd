#include "stresskit/control/run_lock.hpp"

#include "support/temp_dir.hpp"

#include "stresskit/control/stop_flag.hpp"
#include "stresskit/support/error.hpp"
#include "stresskit/support/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

namespace stresskit::control {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

class RunLockTest : public testing::Test {
 protected:
  /// What taking the lock complains of; empty when it can be taken.
  std::string complaint() const {
    try {
      const RunLock lock = RunLock::take(data_, "another");
    } catch (const support::Error& error) {
      EXPECT_EQ(error.code(), support::ExitCode::usage);
      return error.what();
    }
    return "";
  }

  test::TempDir folder_;
  config::Data data_{folder_ / "data"};
};

TEST(NewRunId, IsItsStartTimeAndFourRandomDigits) {
  EXPECT_THAT(new_run_id(), MatchesRegex("[0-9]{8}T[0-9]{6}Z-[0-9a-f]{4}"));
}

TEST_F(RunLockTest, SaysWhoRuns) {
  const RunLock lock = RunLock::take(data_, "20261123T101500Z-4f2a");
  const auto run = active_run(data_);
  ASSERT_TRUE(run);
  EXPECT_EQ(run->run_id, "20261123T101500Z-4f2a");
  EXPECT_EQ(run->pid, ::getpid());
}

TEST_F(RunLockTest, FollowsNoLinkOutOfTheDirectory) {
  std::filesystem::create_directories(data_.dir);
  for (const auto& path : {data_.run_lock(), data_.stop_flag()}) {
    std::filesystem::create_symlink(folder_ / "outside", path);
  }
  EXPECT_THAT(complaint(), HasSubstr(data_.run_lock().string()));
  EXPECT_FALSE(raise_stop_flag(data_));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "outside"));
}

TEST_F(RunLockTest, LetsNobodyElseIn) {
  const RunLock lock = RunLock::take(data_, "first");
  EXPECT_THAT(complaint(), testing::AllOf(HasSubstr("run first (process "),
                                          HasSubstr("stop_telemetry"), HasSubstr("--data-dir")));
  ASSERT_TRUE(active_run(data_));  // the refused one has touched nothing
  EXPECT_EQ(active_run(data_)->run_id, "first");
}

TEST_F(RunLockTest, IsFreeAgainAtTheEnd) {
  { const RunLock lock = RunLock::take(data_, "first"); }
  EXPECT_FALSE(active_run(data_));
  EXPECT_EQ(support::read_file(data_.run_lock()), "");
  EXPECT_EQ(complaint(), "");
}

TEST_F(RunLockTest, MovesWithItsObject) {
  RunLock lock = RunLock::take(data_, "first");
  {
    const RunLock moved = std::move(lock);
    EXPECT_TRUE(active_run(data_));
  }
  EXPECT_FALSE(active_run(data_));
}

TEST_F(RunLockTest, IsFreedByACrash) {
  const pid_t child = ::fork();
  if (child == 0) {
    const RunLock lock = RunLock::take(data_, "crashed");
    ::raise(SIGKILL);
  }
  ASSERT_GT(child, 0);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_THAT(support::read_file(data_.run_lock()).value(), HasSubstr("crashed"));
  EXPECT_FALSE(active_run(data_));
  EXPECT_EQ(complaint(), "");
}

/// Holds one byte of the lock file, as a run that stands still in the middle of taking it.
class HeldByte {
 public:
  HeldByte(const config::Data& data, off_t byte)
      : fd_(::open(data.run_lock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = byte;
    lock.l_len = 1;
    EXPECT_EQ(::fcntl(fd_, F_OFD_SETLK, &lock), 0);
  }
  ~HeldByte() { ::close(fd_); }
  HeldByte(const HeldByte&) = delete;
  HeldByte& operator=(const HeldByte&) = delete;

 private:
  int fd_;
};

TEST_F(RunLockTest, DoesNotTakeTheTextOfACrashedRunForTheOneThatIsStarting) {
  std::filesystem::create_directory(data_.dir);
  std::ofstream(data_.run_lock()) << R"({"run_id": "crashed", "pid": 1})";
  const HeldByte held(data_, 0);
  const auto run = active_run(data_);
  ASSERT_TRUE(run);
  EXPECT_EQ(run->run_id, "");
  EXPECT_THAT(complaint(), HasSubstr("just starting"));
}

TEST_F(RunLockTest, ToleratesATextThatMakesNoSense) {
  std::filesystem::create_directory(data_.dir);
  const HeldByte held(data_, 0);
  const HeldByte written(data_, 1);
  for (const char* text :
       {"", "{", "[]", R"({"run_id": 7})", R"({"run_id": "a", "pid": "b"})", "\xff"}) {
    std::ofstream(data_.run_lock()) << text;
    const auto run = active_run(data_);
    ASSERT_TRUE(run) << text;
    EXPECT_EQ(run->run_id, "") << text;
  }
}

TEST_F(RunLockTest, RemovesAnOldFlag) {
  std::filesystem::create_directory(data_.dir);
  ASSERT_TRUE(raise_stop_flag(data_));
  const RunLock lock = RunLock::take(data_, "first");
  EXPECT_FALSE(stop_flag_raised(data_));
}

TEST_F(RunLockTest, RefusesAFlagThatCannotBeRemoved) {
  std::filesystem::create_directories(data_.stop_flag() / "something");
  EXPECT_THAT(complaint(), HasSubstr("stop.flag"));
  EXPECT_FALSE(active_run(data_));
}

TEST_F(RunLockTest, SaysWhenTheLockFileCannotBeMade) {
  std::filesystem::create_directories(data_.run_lock());
  EXPECT_THAT(complaint(), testing::AllOf(HasSubstr("run.lock"), HasSubstr("directory")));
}

TEST_F(RunLockTest, FindsNobodyWhereThereIsNothing) {
  EXPECT_FALSE(active_run(data_));
}

}  // namespace
}  // namespace stresskit::control
