#include "value.hpp"
#include "words.hpp"

#include "stresskit/config/keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace stresskit::config {

namespace {

/// "from 1 to 65535", "native or paho": what a value may be, where there is a choice to tell.
std::string allowed(const Key& key) {
  if (key.type == Type::choice) {
    std::string words(key.choices);
    return words.replace(words.find('|'), 1, " or ");
  }
  const std::string range = range_text(key);
  return range.empty() ? "" : range.substr(1);
}

std::string comment(const Key& key) {
  const std::string range = allowed(key);
  const std::string says = key.says.empty() ? "" : fmt::format("; default: {}", key.says);
  return fmt::format("# {}{}{}\n", key.help, range.empty() ? "" : fmt::format(" ({})", range),
                     says);
}

/// A `|` would end a cell.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c == '|' ? std::string("\\|") : std::string(1, c);
  }
  return out;
}

std::string default_cell(const Key& key) {
  if (!key.says.empty()) {
    return std::string(key.says);
  }
  return key.fallback.empty()
             ? ""
             : fmt::format("`{}`{}{}", key.fallback, key.unit.empty() ? "" : " ", key.unit);
}

}  // namespace

std::string env_example() {
  std::string out =
      "# Settings of the ThingsBoard Telemetry Stress Kit. Copy this file to .env and fill in "
      "what\n"
      "# follows; everything behind it has a default. A key counts from the command line\n"
      "# (--device-count 50), else from the environment, else from this file.\n\n";
  for (const Key& key : keys()) {
    if (!key.needed_by.empty()) {
      out += fmt::format("{}{}={}\n", comment(key), key.name, key.example);
    }
  }
  const Key* previous = nullptr;
  for (const Key& key : keys()) {
    if (key.name.empty() || !key.needed_by.empty()) {
      continue;
    }
    if (previous == nullptr || previous->group != key.group) {
      out += fmt::format("\n# {:-<70}\n", fmt::format("---- {} ", to_string(key.group)));
    }
    out += fmt::format("{}#{}={}\n", comment(key), key.name, key.fallback);
    previous = &key;
  }
  return out;
}

std::string options_table() {
  std::string out;
  const Key* previous = nullptr;
  for (const Key& key : keys()) {
    if (previous == nullptr || previous->group != key.group) {
      out += fmt::format("{}### {}\n\n", previous == nullptr ? "" : "\n", to_string(key.group));
      out += "| key | option | default | meaning | programs |\n|---|---|---|---|---|\n";
    }
    const std::string range = allowed(key);
    const std::string required = key.needed_by.empty() ? "" : "required";
    out += fmt::format(
        "| {} | {} | {} | {}{} | {} |\n", key.name.empty() ? "" : fmt::format("`{}`", key.name),
        key.option.empty() ? "" : fmt::format("`--{}`", key.option),
        required.empty() ? default_cell(key) : required, cell(key.help),
        range.empty() ? "" : fmt::format(" ({})", range), programs_text(key.taken_by));
    previous = &key;
  }
  return out;
}

}  // namespace stresskit::config
