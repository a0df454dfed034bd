#include "config/gather.hpp"

#include "support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

namespace stresskit::config {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class GatherTest : public testing::Test {
 protected:
  void write_env(std::string_view text) const { std::ofstream(env_file_) << text; }

  Gathered gather(const std::vector<std::string>& words = {}) const {
    std::vector<const char*> argv{"program"};
    for (const std::string& word : words) {
      argv.push_back(word.c_str());
    }
    const CommandLine line =
        read_command_line(Program::run_telemetry, static_cast<int>(argv.size()), argv.data());
    return config::gather({.command_line = line,
                           .environment =
                               [this](const std::string& name) {
                                 const auto found = environment_.find(name);
                                 return found == environment_.end() ? std::nullopt
                                                                    : std::optional(found->second);
                               },
                           .password_input = [this] { return input_; },
                           .default_env_file = env_file_.string()});
  }

  static const Given* find(const Gathered& gathered, std::string_view name) {
    for (const auto& [key, given] : gathered.givens) {
      if (key->name == name) {
        return &given;
      }
    }
    return nullptr;
  }

  test::TempDir folder_;
  std::filesystem::path env_file_ = folder_.path() / ".env";
  std::map<std::string, std::string> environment_;
  support::Result<std::string> input_ = "from input";
};

TEST_F(GatherTest, TakesThePasswordFromTheInputOnlyWhenAsked) {
  environment_ = {{"TB_PASSWORD", "from environment"}};
  EXPECT_EQ(find(gather(), "TB_PASSWORD")->text, "from environment");
  EXPECT_EQ(find(gather({"--password-stdin=0"}), "TB_PASSWORD")->text, "from environment");
  EXPECT_EQ(find(gather({"--password-stdin"}), "TB_PASSWORD")->text, "from input");
  input_ = support::failure("nothing came");
  EXPECT_THAT(gather({"--password-stdin"}).problems, ElementsAre("--password-stdin: nothing came"));
}

TEST_F(GatherTest, WarnsOfAPasswordThatOthersCanRead) {
  using std::filesystem::perms;
  write_env("TB_PASSWORD=hunter2\n");
  const auto warnings_with = [this](perms mode) {
    std::filesystem::permissions(env_file_, mode);
    return gather().warnings;
  };
  constexpr perms owner = perms::owner_read | perms::owner_write;
  EXPECT_THAT(warnings_with(owner), IsEmpty());
  for (const perms other : {perms::group_read, perms::others_read}) {
    EXPECT_THAT(warnings_with(owner | other),
                ElementsAre(AllOf(HasSubstr("chmod 600"), Not(HasSubstr("hunter2")))));
  }
  write_env("TB_USERNAME=a@b\nTB_PASSWORD=\n");
  EXPECT_THAT(warnings_with(owner | perms::others_read), IsEmpty());
}

TEST_F(GatherTest, PrefersTheCommandLineToTheEnvironmentToTheFile) {
  write_env("DEVICE_COUNT=1\nMQTT_HOST=file\nMQTT_PORT=1\n");
  environment_ = {{"DEVICE_COUNT", "2"}, {"MQTT_HOST", "environment"}};
  const Gathered gathered = gather({"--device-count", "3"});
  EXPECT_EQ(find(gathered, "DEVICE_COUNT")->text, "3");
  EXPECT_EQ(find(gathered, "DEVICE_COUNT")->where, "--device-count");
  EXPECT_EQ(find(gathered, "MQTT_HOST")->text, "environment");
  EXPECT_EQ(find(gathered, "MQTT_HOST")->where, "environment");
  EXPECT_EQ(find(gathered, "MQTT_PORT")->text, "1");
  EXPECT_EQ(find(gathered, "MQTT_PORT")->where, env_file_.string() + ":3");
}

TEST_F(GatherTest, NeedsNoDefaultFile) {
  const Gathered gathered = gather();
  EXPECT_THAT(gathered.problems, IsEmpty());
  EXPECT_THAT(gathered.givens, IsEmpty());
}

TEST_F(GatherTest, NeedsAFileThatWasNamed) {
  const std::string missing = (folder_.path() / "other.env").string();
  EXPECT_THAT(gather({"--env-file", missing}).problems,
              ElementsAre(testing::AllOf(HasSubstr(missing), HasSubstr("No such file"))));
}

TEST_F(GatherTest, ReadsTheNamedFileInsteadOfTheDefaultOne) {
  write_env("DEVICE_COUNT=1\n");
  const std::string other = (folder_.path() / "other.env").string();
  std::ofstream(other) << "MQTT_PORT=2\n";
  const Gathered gathered = gather({"--env-file", other});
  EXPECT_EQ(find(gathered, "DEVICE_COUNT"), nullptr);
  EXPECT_EQ(find(gathered, "MQTT_PORT")->text, "2");
}

TEST_F(GatherTest, ReportsADirectoryInPlaceOfTheFile) {
  std::filesystem::create_directory(env_file_);
  EXPECT_THAT(gather().problems, ElementsAre(HasSubstr("directory")));
}

TEST_F(GatherTest, ReportsALinkToNowhere) {
  std::filesystem::create_symlink("nowhere", env_file_);
  EXPECT_THAT(gather().problems, ElementsAre(HasSubstr("No such file")));
}

TEST_F(GatherTest, WarnsOfAKeyGivenTwiceAndTakesTheLast) {
  write_env("DEVICE_COUNT=1\nDEVICE_COUNT=2\n");
  const Gathered gathered = gather();
  EXPECT_EQ(find(gathered, "DEVICE_COUNT")->text, "2");
  EXPECT_THAT(gathered.warnings,
              ElementsAre(env_file_.string() +
                          ":2: DEVICE_COUNT is given again (before: line 1); this one counts"));
}

TEST_F(GatherTest, WarnsOfAnOptionGivenTwiceAndTakesTheLast) {
  const Gathered gathered = gather({"--device-count=1", "--device-count=2"});
  EXPECT_EQ(find(gathered, "DEVICE_COUNT")->text, "2");
  EXPECT_THAT(gathered.warnings,
              ElementsAre("--device-count is given more than once; the last one counts"));
}

TEST_F(GatherTest, ARepeatableOptionGivenTwiceIsAList) {
  const Gathered gathered = gather({"--threshold=lost==0", "--threshold=ack_p99<1s"});
  EXPECT_EQ(find(gathered, "THRESHOLDS")->text, "lost==0, ack_p99<1s");
  EXPECT_THAT(gathered.warnings, IsEmpty());
}

TEST_F(GatherTest, WarnsOfUnknownKeysOnceWithTheNearestKnownOne) {
  write_env("DEVICE_COUTN=hunter2\nDEVICE_COUTN=2\nXYZZY=1\n");
  const Gathered gathered = gather();
  ASSERT_EQ(gathered.warnings.size(), 3U);  // the second line warns of the repetition only
  EXPECT_THAT(gathered.warnings[0], HasSubstr(":1: unknown key DEVICE_COUTN, ignored; did you mean "
                                              "DEVICE_COUNT?"));
  EXPECT_THAT(gathered.warnings[0], Not(HasSubstr("hunter2")));
  EXPECT_THAT(gathered.warnings[2], HasSubstr(":3: unknown key XYZZY, ignored"));
  EXPECT_THAT(gathered.problems, IsEmpty());
}

TEST_F(GatherTest, ReportsLinesThatMakeNoSenseWithFileAndLine) {
  write_env("DEVICE_COUNT=1\nwhat is this\n");
  EXPECT_THAT(gather().problems,
              ElementsAre(env_file_.string() + ":2: is not of the form KEY=value"));
}

}  // namespace
}  // namespace stresskit::config
