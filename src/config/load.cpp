#include "stresskit/config/load.hpp"

#include "command_line.hpp"
#include "gather.hpp"
#include "password_input.hpp"
#include "resolve.hpp"

#include "stresskit/support/error.hpp"
#include "stresskit/support/log.hpp"
#include "stresskit/support/print.hpp"
#include "stresskit/support/run_app.hpp"
#include "stresskit/support/version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <unistd.h>

namespace stresskit::config {

namespace {

std::optional<std::string> from_environment(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

/// A program without --env-file takes nothing from `.env`, so what is wrong there is not its
/// trouble.
std::string default_env_file(Program program) {
  const bool reads_one = std::any_of(keys().begin(), keys().end(), [&](const Key& key) {
    return key.option == "env-file" && key.taken_by.has(program);
  });
  return reads_one ? ".env" : "";
}

[[noreturn]] void refuse(Program program, const std::vector<std::string>& problems) {
  const std::string hint = fmt::format("try {} --help", to_string(program));
  if (problems.size() == 1) {
    throw support::Error(support::ExitCode::usage, fmt::format("{} ({})", problems.front(), hint));
  }
  std::string message = fmt::format("{} problems ({}):", problems.size(), hint);
  for (const std::string& problem : problems) {
    message += "\n  " + problem;
  }
  throw support::Error(support::ExitCode::usage, message);
}

}  // namespace

Settings load(Program program, int argc, const char* const* argv) {
  const CommandLine line = read_command_line(program, argc, argv);
  if (line.help) {
    support::print("{}", help(program));
    throw support::Done{};
  }
  if (line.version) {
    support::print("{} {}\n", to_string(program), support::version());
    throw support::Done{};
  }
  Gathered gathered = gather({.command_line = line,
                              .environment = from_environment,
                              .password_input = [] { return read_password(STDIN_FILENO); },
                              .default_env_file = default_env_file(program)});
  Outcome outcome = resolve(program, gathered.givens);
  for (const auto* warnings : {&gathered.warnings, &outcome.warnings}) {
    for (const std::string& warning : *warnings) {
      support::log_warning(warning);
    }
  }
  std::vector<std::string>& problems = gathered.problems;
  problems.insert(problems.end(), outcome.problems.begin(), outcome.problems.end());
  if (!problems.empty()) {
    refuse(program, problems);
  }
  return std::move(outcome.settings);
}

}  // namespace stresskit::config
