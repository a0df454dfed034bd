#include "sandbox/paging.hpp"

#include <cctype>

namespace stresskit::sandbox {
namespace {

/// Case folding beyond ASCII depends on the database's locale and is left out.
char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

/// One step of a pattern: how many characters it takes, and whether `c` fits.
struct Step {
  std::size_t length;
  bool fits;
};

Step step(std::string_view pattern, std::size_t at, char c) {
  if (pattern[at] == '_') return {1, true};
  if (pattern[at] == '\\' && at + 1 < pattern.size()) {
    return {2, lower(pattern[at + 1]) == lower(c)};
  }
  return {1, lower(pattern[at]) == lower(c)};
}

/// `floating`: as if the pattern began with `%`.
bool matches(std::string_view text, std::string_view pattern, bool floating) {
  std::size_t at = 0;
  std::size_t after_run = 0;  // where the pattern goes on behind the last `%`
  std::size_t run_end = 0;    // how far that `%` reaches in the text
  for (std::size_t i = 0; at < pattern.size();) {
    if (pattern[at] == '%') {
      after_run = ++at;
      run_end = i;
      floating = true;
      continue;
    }
    if (i >= text.size()) return false;
    const auto [length, fits] = step(pattern, at, text[i]);
    if (fits) {
      at += length;
      ++i;
    } else if (floating) {
      at = after_run;  // let the last `%` take one character more
      i = ++run_end;
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace

bool contains_like(std::string_view text, std::string_view pattern) {
  return matches(text, pattern, true);
}

bool starts_with_like(std::string_view text, std::string_view pattern) {
  return matches(text, pattern, false);
}

}  // namespace stresskit::sandbox
