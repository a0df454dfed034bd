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

std::string_view purpose(Program program) {
  switch (program) {
    case Program::check_connectivity:
      return "Logs in to ThingsBoard, asks for a device, and opens one MQTT connection. Changes "
             "nothing.";
    case Program::provision:
      return "Creates the devices or takes those that exist, and saves their tokens.";
    case Program::run_telemetry:
      return "Connects all devices and lets them publish in the same instant, every interval.";
    case Program::stop_telemetry:
      return "Asks the active run to stop, waits for its end, and says what it did.";
    case Program::run_dashboard:
      return "Serves the page that shows the run, before, during and after it.";
    case Program::delete_by_prefix:
      return "Deletes the devices whose names begin with the prefix from ThingsBoard.";
    case Program::make_report:
      return "Turns a run into a page and other reports, lists the runs, compares two.";
    case Program::verify_storage:
      return "Counts over REST what the server has stored of a past run, and names what is "
             "missing.";
    case Program::run_sandbox:
      return "A stand-in for ThingsBoard on this machine: REST and MQTT, ended with Ctrl+C.";
  }
  return "";
}

/// "RUN", for `--run`.
std::string capitals(std::string_view option) {
  std::string word(option);
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return word;
}

/// " [options] [RUN [OTHER]]".
std::string usage(Program program) {
  std::string words;
  std::string ends;
  for (const Key& key : keys()) {
    if (key.positional && key.taken_by.has(program)) {
      words += fmt::format(" [{}", capitals(key.option));
      ends += ']';
    }
  }
  return " [options]" + words + ends;
}

/// "--device-count N", or the key itself where there is no option.
std::string left_column(const Key& key) {
  if (key.positional) {
    return fmt::format("  {}", capitals(key.option));
  }
  if (key.option.empty()) {
    return fmt::format("  {}", key.name);
  }
  if (key.type == Type::boolean) {
    return fmt::format("  --{}{}", key.option, key.name.empty() ? "" : "[=0|1]");
  }
  return fmt::format("  --{} {}", key.option, placeholder(key));
}

std::string right_column(const Key& key, Program program) {
  std::vector<std::string> notes;
  if (!key.name.empty() && !key.option.empty()) {
    notes.emplace_back(key.name);
  }
  if (key.secret) {
    notes.emplace_back("in .env or the environment only");
  }
  if (key.needed_by.has(program)) {
    notes.emplace_back("required");
  } else if (const std::string fallback = default_text(key); !fallback.empty()) {
    notes.push_back("default " + fallback);
  }
  return notes.empty() ? std::string(key.help)
                       : fmt::format("{} [{}]", key.help, fmt::join(notes, ", "));
}

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
    out += wrapped(left_column(key), right_column(key, program));
    previous = &key;
  }
  out += wrapped("  -h, --help", "print this");
  out += wrapped("  --version", "print the version");
  out += "\nA key counts from the command line, else from the environment, else from .env.\n";
  out += "Exit codes: 0 done, 1 failed, 2 usage or configuration, 3 could not connect or log in,\n";
  out += "4 done in part, 99 a threshold was crossed, 130 ended by a second Ctrl+C.\n";
  return out;
}

}  // namespace stresskit::config
