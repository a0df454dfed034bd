#include "stresskit/config/manuals.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace stresskit::config {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string with_roff_hyphens(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c == '-' ? "\\-" : std::string(1, c);
  }
  return out;
}

/// Two rows may share an option, for different programs.
bool takes(Program program, std::string_view option) {
  return std::any_of(keys().begin(), keys().end(), [&](const Key& key) {
    return key.option == option && key.taken_by.has(program);
  });
}

TEST(Manuals, HoldEveryKeyOfTheirProgramAndNoOther) {
  for (const Program program : all_programs) {
    const std::string page = man_page(program, "1.2.3");
    for (const Key& key : keys()) {
      if (key.option.empty() || key.positional) {
        continue;
      }
      const std::string entry = ".B " + with_roff_hyphens("--" + std::string(key.option));
      const bool has = page.find(entry + " ") != std::string::npos ||
                       page.find(entry + "\n") != std::string::npos ||
                       page.find(entry + "[") != std::string::npos;
      EXPECT_EQ(has, takes(program, key.option)) << to_string(program) << " " << key.option;
    }
    EXPECT_THAT(page, HasSubstr(".SH EXIT STATUS"));
    EXPECT_THAT(page, HasSubstr("\"stresskit 1.2.3\""));
  }
}

TEST(Manuals, ASecretIsExplainedAndHasNoOption) {
  const std::string page = man_page(Program::provision, "1");
  EXPECT_THAT(page, HasSubstr(".B TB_PASSWORD\n"));
  EXPECT_THAT(page, Not(HasSubstr("tb\\-password")));
}

TEST(Completions, KnowOptionsChoicesAndFiles) {
  const std::string bash = completion(Shell::bash, Program::run_telemetry);
  EXPECT_THAT(bash, HasSubstr(" --device-count "));
  EXPECT_THAT(bash, HasSubstr("--mqtt-engine) COMPREPLY=($(compgen -W 'native paho'"));
  EXPECT_THAT(bash, HasSubstr("complete -F _stresskit_run_telemetry run_telemetry\n"));
  const std::string zsh = completion(Shell::zsh, Program::run_telemetry);
  EXPECT_THAT(zsh, HasSubstr("#compdef run_telemetry\n"));
  EXPECT_THAT(zsh, HasSubstr("'--mqtt-engine=[what drives the connections]:value:(native paho)'"));
  EXPECT_THAT(zsh, HasSubstr("'*--threshold=["));
  const std::string fish = completion(Shell::fish, Program::run_telemetry);
  EXPECT_THAT(fish, HasSubstr("complete -c run_telemetry -l env-file -r -F -d '"));
  EXPECT_THAT(fish, HasSubstr("-l mqtt-tls-insecure -d 'do not verify the server\\'s"));
}

}  // namespace
}  // namespace stresskit::config
