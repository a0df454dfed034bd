#pragma once

#include "stresskit/config/keys.hpp"

#include <string>
#include <vector>

namespace stresskit::config {

/// What stood on the command line of a program.
struct CommandLine {
  struct Option {
    const Key* key = nullptr;
    std::string value;  ///< "1" for a boolean without one
  };

  std::vector<Option> options;  ///< in the order given; an option may occur more than once
  bool help = false;
  bool version = false;
  std::vector<std::string> problems;  ///< unknown options, missing values, stray words
};

/// Reads it by the rows of the table that `program` takes. Values are not looked at. Stray words
/// are quoted in problems only where they cannot be the value of a secret.
[[nodiscard]] CommandLine read_command_line(Program program, int argc, const char* const* argv);

}  // namespace stresskit::config
