#include "words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <vector>

namespace stresskit::config {

namespace {

/// "RUN", for `--run`.
std::string capitals(std::string_view option) {
  std::string word(option);
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return word;
}

}  // namespace

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

std::string programs_text(Programs programs) {
  std::string listed;
  for (const Program program : all_programs) {
    if (programs.has(program)) {
      listed += (listed.empty() ? "" : ", ") + std::string(to_string(program));
    }
  }
  return listed;
}

std::string_view placeholder(const Key& key) {
  switch (key.type) {
    case Type::text:
    case Type::prefix:
      return "TEXT";
    case Type::path:
      return "PATH";
    case Type::file:
      return "FILE";
    case Type::url:
      return "URL";
    case Type::host:
      return "HOST";
    case Type::uuid:
      return "ID";
    case Type::boolean:
      return "0|1";
    case Type::count:
    case Type::number:
      return "N";
    case Type::duration:
    case Type::whole_seconds:
    case Type::milliseconds:
      return "TIME";
    case Type::choice:
      return key.choices;
    case Type::list:
      return "LIST";
    case Type::stages:
      return "N@TIME";
  }
  return "";
}

std::string default_text(const Key& key) {
  if (!key.says.empty()) {
    return std::string(key.says);
  }
  if (key.fallback.empty() || key.unit.empty()) {
    return std::string(key.fallback);
  }
  return fmt::format("{} {}", key.fallback, key.unit);
}

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

std::string option_text(const Key& key) {
  if (key.positional) {
    return capitals(key.option);
  }
  if (key.option.empty()) {
    return std::string(key.name);
  }
  if (key.type == Type::boolean) {
    return fmt::format("--{}{}", key.option, key.name.empty() ? "" : "[=0|1]");
  }
  return fmt::format("--{} {}", key.option, placeholder(key));
}

std::string meaning_text(const Key& key, Program program) {
  std::vector<std::string> notes;
  if (!key.name.empty() && !key.option.empty()) {
    notes.emplace_back(key.name);
  }
  if (key.secret) {
    notes.emplace_back(key.name == "TB_PASSWORD"
                           ? "in .env, the environment, or by --password-stdin only"
                           : "in .env or the environment only");
  }
  if (key.needed_by.has(program)) {
    notes.emplace_back("required");
  } else if (const std::string fallback = default_text(key); !fallback.empty()) {
    notes.push_back("default " + fallback);
  }
  return notes.empty() ? std::string(key.help)
                       : fmt::format("{} [{}]", key.help, fmt::join(notes, ", "));
}

}  // namespace stresskit::config
