#include "config/command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stresskit::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

CommandLine read(Program program, std::vector<const char*> words) {
  words.insert(words.begin(), "program");
  return read_command_line(program, static_cast<int>(words.size()), words.data());
}

std::vector<std::pair<std::string, std::string>> options(const CommandLine& line) {
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& [key, value] : line.options) {
    found.emplace_back(key->option, value);
  }
  return found;
}

TEST(CommandLine, TakesValuesBehindABlankOrAnEqualsSign) {
  const auto line = read(Program::provision, {"--device-count", "50", "--device-label=a b"});
  EXPECT_THAT(options(line), ElementsAre(Pair("device-count", "50"), Pair("device-label", "a b")));
  EXPECT_THAT(line.problems, IsEmpty());
}

TEST(CommandLine, TakesNegativeNumbersAndEmptyValues) {
  const auto line = read(Program::provision, {"--device-count", "-3", "--device-type="});
  EXPECT_THAT(options(line), ElementsAre(Pair("device-count", "-3"), Pair("device-type", "")));
}

TEST(CommandLine, TurnsASwitchOnAndOff) {
  const auto line = read(Program::run_telemetry, {"--mqtt-tls", "--json", "--mqtt-reconnect=0"});
  EXPECT_THAT(options(line),
              ElementsAre(Pair("mqtt-tls", "1"), Pair("json", "1"), Pair("mqtt-reconnect", "0")));
}

TEST(CommandLine, KeepsEveryOccurrence) {
  const auto line = read(Program::provision, {"--device-count=1", "--device-count=2"});
  EXPECT_THAT(options(line), ElementsAre(Pair("device-count", "1"), Pair("device-count", "2")));
}

TEST(CommandLine, KnowsHelpAndVersion) {
  EXPECT_TRUE(read(Program::provision, {"--help"}).help);
  EXPECT_TRUE(read(Program::provision, {"-h"}).help);
  EXPECT_TRUE(read(Program::provision, {"--version"}).version);
}

TEST(CommandLine, ReportsEveryUnknownOptionWithTheNearestOne) {
  const auto line = read(Program::provision, {"--device-cuont=5", "--xyzzy"});
  EXPECT_THAT(line.problems,
              ElementsAre("--device-cuont: unknown option; did you mean --device-count?",
                          "--xyzzy: unknown option"));
}

TEST(CommandLine, SaysWhichProgramTakesAnOption) {
  const auto line = read(Program::provision, {"--warmup=5"});
  EXPECT_THAT(line.problems,
              ElementsAre("--warmup: not an option of provision, but of run_telemetry"));
}

TEST(CommandLine, TellsTheSandboxPortFromTheOneOfTheRun) {
  const auto sandbox = read(Program::run_sandbox, {"--mqtt-port", "0"});
  ASSERT_EQ(sandbox.options.size(), 1U);
  EXPECT_EQ(sandbox.options.front().key->name, "");
  const auto run = read(Program::run_telemetry, {"--mqtt-port", "1884"});
  ASSERT_EQ(run.options.size(), 1U);
  EXPECT_EQ(run.options.front().key->name, "MQTT_PORT");
}

TEST(CommandLine, RefusesASecretWithoutShowingIt) {
  for (const auto& words : {std::vector<const char*>{"--tb-password", "hunter2"},
                            std::vector<const char*>{"--tb-password=hunter2"}}) {
    const auto line = read(Program::provision, words);
    ASSERT_EQ(line.problems.size(), 1U);
    EXPECT_THAT(line.problems.front(), HasSubstr("TB_PASSWORD into .env"));
    EXPECT_THAT(line.problems.front(), Not(HasSubstr("hunter2")));
  }
}

TEST(CommandLine, DoesNotShowTheValueOfAnUnknownOption) {
  const auto line = read(Program::provision, {"--password", "hunter2"});
  ASSERT_EQ(line.problems.size(), 1U);
  EXPECT_THAT(line.problems.front(), Not(HasSubstr("hunter2")));
}

TEST(CommandLine, ReportsStrayWords) {
  EXPECT_THAT(read(Program::run_telemetry, {"--mqtt-tls", "0"}).problems,
              ElementsAre(HasSubstr("\"0\": unexpected argument")));
}

TEST(CommandLine, ReportsAMissingValueBesideTheRest) {
  const auto line = read(Program::provision, {"--nope", "--device-label", "a", "--device-count"});
  EXPECT_THAT(line.problems,
              ElementsAre("--device-count: needs a value", HasSubstr("--nope: unknown option")));
  EXPECT_THAT(options(line), ElementsAre(Pair("device-label", "a")));
}

TEST(CommandLine, ReportsAValueBehindHelp) {
  EXPECT_THAT(read(Program::provision, {"--help=x"}).problems, Not(IsEmpty()));
}

TEST(CommandLine, WordsWithoutAnOptionGoToThePositionalKeysInTheirOrder) {
  const auto line = read(Program::make_report, {"a-run", "--json", "another"});
  ASSERT_EQ(line.options.size(), 3U);
  EXPECT_TRUE(line.problems.empty());
  const auto value_of = [&](std::string_view option) {
    for (const auto& given : line.options) {
      if (given.key->option == option) {
        return given.value;
      }
    }
    return std::string();
  };
  EXPECT_EQ(value_of("run"), "a-run");
  EXPECT_EQ(value_of("other"), "another");
  EXPECT_EQ(read(Program::make_report, {"a", "b", "c"}).problems.size(), 1U);
  EXPECT_EQ(read(Program::provision, {"a"}).problems.size(), 1U);
}

}  // namespace
}  // namespace stresskit::config
