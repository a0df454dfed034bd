#include "stresskit/preflight/machine.hpp"

#include "stresskit/support/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <sys/resource.h>

namespace stresskit::preflight {
namespace {

using testing::HasSubstr;
using testing::Not;

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
  require_capacity(300, {}, {});
  EXPECT_GE(soft_limit(), 300U);
}

TEST_F(OpenFiles, EachWorkerTakesOneMore) {
  config::Mqtt settings;
  soft_limit(100);
  require_capacity(300, settings, {});
  const rlim_t with_one = soft_limit();
  settings.workers = 256;
  require_capacity(300, settings, {});
  EXPECT_EQ(soft_limit(), with_one + 255);
}

TEST_F(OpenFiles, ALimitThatIsHighEnoughIsLeftAlone) {
  soft_limit(500);
  require_capacity(10, {}, {});
  EXPECT_EQ(soft_limit(), 500U);
}

// In a process of its own, because a hard limit cannot be raised again.
TEST_F(OpenFiles, BeyondTheHardLimitIsAUsageErrorThatSaysWhatToDo) {
  const auto try_beyond = [] {
    const rlimit limit{200, 200};
    ::setrlimit(RLIMIT_NOFILE, &limit);
    try {
      require_capacity(300, {}, {});
    } catch (const support::Error& error) {
      std::fputs(error.what(), stderr);
      std::exit(static_cast<int>(error.code()));
    }
    std::exit(0);
  };
  EXPECT_EXIT(try_beyond(), testing::ExitedWithCode(2),
              "300 devices need 365 open files.*--device-count");
}

class LocalAddresses : public OpenFiles {
 protected:
  /// What is said about so many devices; "" when they fit.
  std::string objection(std::uint64_t devices, const char* host = "127.0.0.1") {
    settings.host = host;
    try {
      require_capacity(devices, settings, mqtt::resolve(settings));
    } catch (const support::Error& error) {
      EXPECT_EQ(error.code(), support::ExitCode::usage);
      return error.what();
    }
    return "";
  }

  [[nodiscard]] static bool have_ipv6() {
    try {
      return !mqtt::local_addresses({"::1"}).empty();
    } catch (const support::Error&) {
      return false;
    }
  }

  config::Mqtt settings;
};

TEST_F(LocalAddresses, EachMultipliesThePorts) {
  constexpr std::uint64_t too_many = 65'536;  // for one address
  EXPECT_THAT(objection(too_many), HasSubstr("to the server from one address"));
  settings.local_addresses = {"127.0.0.2"};
  EXPECT_THAT(objection(too_many), HasSubstr("to the server from one address"));
  for (int last = 3; last < 66; ++last) {  // 1,024 ports each would do
    settings.local_addresses.push_back("127.0.0." + std::to_string(last));
  }
  EXPECT_THAT(objection(too_many), Not(HasSubstr("local ports")));
}

TEST_F(LocalAddresses, OnlyThoseOfTheServersFamilyCount) {
  if (!have_ipv6()) {
    settings.local_addresses = {"::1"};
    EXPECT_THAT(objection(1), HasSubstr("::1: not an address of this machine"));
    return;
  }
  settings.local_addresses = {"127.0.0.2", "127.0.0.3", "::1"};
  EXPECT_THAT(objection(400'000), HasSubstr("to the server from 2 addresses"));
  EXPECT_THAT(objection(400'000, "::1"), HasSubstr("to the server from one address"));
  settings.local_addresses = {"::1"};
  EXPECT_THAT(objection(1), HasSubstr("IPv6 addresses cannot reach MQTT_HOST"));
}

TEST_F(LocalAddresses, OneThatIsNotOursIsNamed) {
  settings.local_addresses = {"192.0.2.77"};  // for documentation only: RFC 5737
  EXPECT_THAT(objection(1), HasSubstr("192.0.2.77: not an address of this machine"));
}

}  // namespace
}  // namespace stresskit::preflight
