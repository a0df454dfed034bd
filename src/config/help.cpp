#include "words.hpp"

#include "stresskit/config/keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

namespace stresskit::config {

namespace {

constexpr std::size_t width = 100;
constexpr std::size_t left_width = 34;

/// Words into lines that fit right of the left column.
std::string wrapped(std::string_view left, std::string_view text) {
  std::string out;
  std::string line = fmt::format("{:<{}}", left, left_width);
  if (left.size() + 2 > left_width) {
    out = fmt::format("{}\n", left);
    line = std::string(left_width, ' ');
  }
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    if (line.size() + word.size() > width) {
      out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
      line = std::string(left_width, ' ');
    }
    line += fmt::format("{} ", word);
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return out + line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

}  // namespace

std::string help(Program program) {
  std::string out =
      fmt::format("Usage: {}{}\n\n{}\n", to_string(program), usage(program), purpose(program));
  const Key* previous = nullptr;
  for (const Key& key : keys()) {
    if (!key.taken_by.has(program)) {
      continue;
    }
    if (previous == nullptr || previous->group != key.group) {
      out += fmt::format("\n{}:\n", key.group == Group::command ? "Options" : to_string(key.group));
    }
    out += wrapped("  " + option_text(key), meaning_text(key, program));
    previous = &key;
  }
  out += wrapped("  -h, --help", "print this");
  out += wrapped("  --version", "print the version");
  return out + fmt::format("\n{}\nExit codes: {}\n", sources_text, exit_codes_text);
}

}  // namespace stresskit::config
