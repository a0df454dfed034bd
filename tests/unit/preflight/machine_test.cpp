#include "stresskit/preflight/machine.hpp"

#include "stresskit/support/error.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <sys/resource.h>

namespace stresskit::preflight {
namespace {

/// Puts the limit of open files back as it was.
class OpenFiles : public testing::Test {
 protected:
  OpenFiles() { ::getrlimit(RLIMIT_NOFILE, &before_); }
  ~OpenFiles() override { ::setrlimit(RLIMIT_NOFILE, &before_); }

  void soft_limit(rlim_t files) const {
    const rlimit limit{files, before_.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
  }
  [[nodiscard]] static rlim_t soft_limit() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
  }

  rlimit before_{};
};

TEST_F(OpenFiles, TheSoftLimitIsRaisedByItself) {
  soft_limit(100);
  require_capacity(300, {});
  EXPECT_GE(soft_limit(), 300U);
}

TEST_F(OpenFiles, ALimitThatIsHighEnoughIsLeftAlone) {
  soft_limit(500);
  require_capacity(10, {});
  EXPECT_EQ(soft_limit(), 500U);
}

// In a process of its own, because a hard limit cannot be raised again.
TEST_F(OpenFiles, BeyondTheHardLimitIsAUsageErrorThatSaysWhatToDo) {
  const auto try_beyond = [] {
    const rlimit limit{200, 200};
    ::setrlimit(RLIMIT_NOFILE, &limit);
    try {
      require_capacity(300, {});
    } catch (const support::Error& error) {
      std::fputs(error.what(), stderr);
      std::exit(static_cast<int>(error.code()));
    }
    std::exit(0);
  };
  EXPECT_EXIT(try_beyond(), testing::ExitedWithCode(2),
              "300 devices need 364 open files.*--device-count");
}

}  // namespace
}  // namespace stresskit::preflight
