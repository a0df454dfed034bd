#pragma once

#include "command_line.hpp"
#include "resolve.hpp"

#include "stresskit/support/result.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace stresskit::config {

/// The places values come from, handed in so that a test brings its own.
struct Sources {
  const CommandLine& command_line;
  std::function<std::optional<std::string>(const std::string& name)> environment;
  std::function<support::Result<std::string>()> password_input;  ///< for --password-stdin
  std::string default_env_file = ".env";                         ///< read if it exists; empty: none
};

struct Gathered {
  Givens givens;
  std::vector<std::string> warnings;
  std::vector<std::string> problems;
};

/// Collects every value: command line over environment over `.env`. Warns of unknown keys and of
/// keys given twice, and of a file that shows a password to others; an unreadable file and lines
/// that make no sense are problems.
[[nodiscard]] Gathered gather(const Sources& sources);

}  // namespace stresskit::config
