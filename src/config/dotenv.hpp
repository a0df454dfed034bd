#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace stresskit::config {

/// What a `.env` file says, line by line, before anybody asks what the keys mean.
struct Dotenv {
  struct Entry {
    std::string key;
    std::string value;
    std::size_t line = 0;  ///< from 1
  };
  struct Problem {
    std::string what;
    std::size_t line = 0;
  };

  std::vector<Entry> entries;  ///< in the order of the file; a key may occur more than once
  std::vector<Problem> problems;
};

/// Reads the text of a `.env` file:
///
///     # comment            export KEY=value       KEY = value   # comment after a blank
///     KEY='as it stands # even this'              KEY="with \" \\ \n \t"         KEY=
///
/// Lines may end in CRLF, the text may begin with a byte order mark. Nothing is expanded. A line
/// that makes no sense becomes a problem and the others are still read. Problems never quote a
/// value: it may be a password.
[[nodiscard]] Dotenv parse_dotenv(std::string_view text);

}  // namespace stresskit::config
