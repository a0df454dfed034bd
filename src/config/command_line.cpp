#include "command_line.hpp"

#include "checks.hpp"
#include "words.hpp"

#include "stresskit/support/nearest.hpp"

#include <cxxopts.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>

namespace stresskit::config {

namespace {

cxxopts::Options options_of(Program program) {
  cxxopts::Options options{std::string(to_string(program))};
  // Unknown ones are collected, so that they are reported together and in our words.
  options.allow_unrecognised_options();
  auto add = options.add_options();
  std::vector<std::string> positional;  // words without an option, in the order of the table
  add("h,help", "");
  add("version", "");
  for (const Key& key : keys()) {
    if (key.taken_by.has(program) && !key.option.empty()) {
      const auto value = cxxopts::value<std::string>();
      add(std::string(key.option), "",
          key.type == Type::boolean ? value->implicit_value("1") : value);
      if (key.positional) {
        positional.emplace_back(key.option);
      }
    }
  }
  options.parse_positional(positional);
  return options;
}

const Key* find_option(Program program, std::string_view option) {
  const auto found = std::find_if(keys().begin(), keys().end(), [&](const Key& key) {
    return key.taken_by.has(program) && key.option == option;
  });
  return found == keys().end() ? nullptr : &*found;
}

/// "TB_PASSWORD" for "tb-password".
std::string key_name(std::string_view option) {
  std::string name(option);
  for (char& c : name) {
    c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return name;
}

/// Why this program does not know `word`, which begins with a dash.
std::string unknown_option(Program program, std::string_view word) {
  const std::string_view shown = word.substr(0, word.find('='));
  const std::string_view option =
      shown.substr(std::min(shown.find_first_not_of('-'), shown.size()));
  std::vector<std::string_view> candidates{"help", "version"};
  for (const Key& key : keys()) {
    if (key.secret && key_name(option) == key.name) {
      return fmt::format(
          "{}: a command line is visible to others: put {} into .env or the environment{}", shown,
          key.name, key.name == "TB_PASSWORD" ? ", or use --password-stdin" : "");
    }
    if (!key.option.empty() && key.option == option) {
      return fmt::format("{}: not an option of {}, but of {}", shown, to_string(program),
                         programs_text(key.taken_by));
    }
    if (!key.option.empty() && key.taken_by.has(program)) {
      candidates.push_back(key.option);
    }
  }
  const auto meant = support::nearest(option, candidates);
  return fmt::format("{}: unknown option{}", shown,
                     meant ? fmt::format("; did you mean --{}?", *meant) : "");
}

std::vector<std::string> explain(Program program, const std::vector<std::string>& unmatched) {
  std::vector<std::string> problems;
  bool may_be_a_value = false;  // of the unknown option before it, so perhaps a secret
  for (const std::string& word : unmatched) {
    if (word.starts_with('-') && word.size() > 1) {
      problems.push_back(unknown_option(program, word));
      may_be_a_value = true;
    } else if (!may_be_a_value) {
      problems.push_back(fmt::format(
          "{}: unexpected argument; a switch is given its value with =, as in --mqtt-tls=0",
          in_quotes(word)));
    }
  }
  return problems;
}

}  // namespace

CommandLine read_command_line(Program program, int argc, const char* const* argv) {
  CommandLine line;
  cxxopts::Options options = options_of(program);
  std::optional<cxxopts::ParseResult> result;
  try {
    result = options.parse(argc, argv);
  } catch (const cxxopts::exceptions::missing_argument&) {
    // Only the last word can be an option without its value; the rest is still worth reading.
    line.problems.push_back(fmt::format("{}: needs a value", argv[argc - 1]));
    result = options.parse(argc - 1, argv);
  } catch (const cxxopts::exceptions::parsing& error) {  // a value behind --help or --version
    line.problems.emplace_back(error.what());
    return line;
  }
  line.help = result->count("help") > 0;
  line.version = result->count("version") > 0;
  for (const cxxopts::KeyValue& given : result->arguments()) {
    if (const Key* key = find_option(program, given.key())) {
      line.options.push_back({key, given.value()});
    }
  }
  const std::vector<std::string> more = explain(program, result->unmatched());
  line.problems.insert(line.problems.end(), more.begin(), more.end());
  return line;
}

}  // namespace stresskit::config
