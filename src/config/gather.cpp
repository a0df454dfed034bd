#include "gather.hpp"

#include "dotenv.hpp"
#include "value.hpp"

#include "stresskit/support/files.hpp"
#include "stresskit/support/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string_view>

namespace stresskit::config {

namespace {

std::string unknown_key(std::string_view name) {
  std::vector<std::string_view> known;
  for (const Key& key : keys()) {
    if (!key.name.empty()) {
      known.push_back(key.name);
    }
  }
  const auto meant = support::nearest(name, known);
  return fmt::format("unknown key {}, ignored{}", name,
                     meant ? fmt::format("; did you mean {}?", *meant) : "");
}

void read_entries(const Dotenv& file, const std::string& path, Gathered& gathered) {
  std::map<std::string_view, std::size_t> lines;
  for (const Dotenv::Entry& entry : file.entries) {
    const std::string where = fmt::format("{}:{}", path, entry.line);
    const auto [earlier, first_time] = lines.emplace(entry.key, entry.line);
    if (!first_time) {
      gathered.warnings.push_back(
          fmt::format("{}: {} is given again (before: line {}); this one counts", where, entry.key,
                      earlier->second));
      earlier->second = entry.line;
    }
    if (const Key* key = find_key(entry.key)) {
      gathered.givens[key] = {entry.value, where};
    } else if (first_time) {
      gathered.warnings.push_back(fmt::format("{}: {}", where, unknown_key(entry.key)));
    }
  }
  for (const Dotenv::Problem& problem : file.problems) {
    gathered.problems.push_back(fmt::format("{}:{}: {}", path, problem.line, problem.what));
  }
}

void warn_of_open_secrets(const Dotenv& file, const std::string& path, Gathered& gathered) {
  const bool holds_secret =
      std::any_of(file.entries.begin(), file.entries.end(), [](const Dotenv::Entry& entry) {
        const Key* key = find_key(entry.key);
        return key != nullptr && key->secret && !entry.value.empty();
      });
  using std::filesystem::perms;
  std::error_code error;
  const perms others =
      std::filesystem::status(path, error).permissions() & (perms::group_read | perms::others_read);
  if (holds_secret && !error && others != perms::none) {
    gathered.warnings.push_back(fmt::format(
        "{}: holds a password, and other users of this machine can read it: chmod 600 {}", path,
        path));
  }
}

/// `required`: the user named it. Opening a missing default file is no trouble.
void read_env_file(const std::string& path, bool required, Gathered& gathered) {
  std::error_code unknown;  // a path that cannot even be asked about fails in read_file, with words
  if (!required && !std::filesystem::exists(std::filesystem::symlink_status(path, unknown))) {
    return;
  }
  const auto text = support::read_file(path, support::Links::follow);
  if (!text) {
    gathered.problems.push_back(text.error());
    return;
  }
  const Dotenv file = parse_dotenv(*text);
  read_entries(file, path, gathered);
  warn_of_open_secrets(file, path, gathered);
}

/// The last --env-file, if any.
const CommandLine::Option* env_file_option(const CommandLine& line) {
  const auto last = std::find_if(line.options.rbegin(), line.options.rend(),
                                 [](const auto& given) { return given.key->option == "env-file"; });
  return last == line.options.rend() ? nullptr : &*last;
}

/// The password comes with an option, so it counts more than the environment.
void read_password_input(const Sources& sources, Gathered& gathered) {
  const auto& options = sources.command_line.options;
  const auto last = std::find_if(options.rbegin(), options.rend(), [](const auto& given) {
    return given.key->option == "password-stdin";
  });
  if (last == options.rend() || !parse_value(*last->key, last->value).value_or(Value{}).yes) {
    return;
  }
  const auto password = sources.password_input();
  if (!password) {
    gathered.problems.push_back(fmt::format("--password-stdin: {}", password.error()));
  }
  gathered.givens[find_key("TB_PASSWORD")] = {password.value_or("(unread)"), "--password-stdin"};
}

}  // namespace

Gathered gather(const Sources& sources) {
  Gathered gathered;
  gathered.problems = sources.command_line.problems;
  const auto* named = env_file_option(sources.command_line);
  read_env_file(named != nullptr ? named->value : sources.default_env_file, named != nullptr,
                gathered);
  for (const Key& key : keys()) {
    if (key.name.empty()) {
      continue;
    }
    if (auto value = sources.environment(std::string(key.name))) {
      gathered.givens[&key] = {std::move(*value), "environment"};
    }
  }
  std::map<const Key*, bool> seen;
  for (const auto& [key, value] : sources.command_line.options) {
    const std::string where = fmt::format("--{}", key->option);
    const bool again = std::exchange(seen[key], true);
    if (again && key->repeatable) {
      gathered.givens[key].text += ", " + value;
      continue;
    }
    if (again) {
      gathered.warnings.push_back(
          fmt::format("{} is given more than once; the last one counts", where));
    }
    gathered.givens[key] = {value, where};
  }
  read_password_input(sources, gathered);
  return gathered;
}

}  // namespace stresskit::config
