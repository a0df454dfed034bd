#include "stresskit/config/manuals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace stresskit::config {

namespace {

/// What follows an option on the command line.
enum class Follows { nothing, text, file, choice };

Follows follows(const Key& key) {
  switch (key.type) {
    case Type::boolean:
      return Follows::nothing;
    case Type::path:
    case Type::file:
      return Follows::file;
    case Type::choice:
      return Follows::choice;
    default:
      return Follows::text;
  }
}

std::vector<const Key*> options_of(Program program) {
  std::vector<const Key*> options;
  for (const Key& key : keys()) {
    if (key.taken_by.has(program) && !key.option.empty() && !key.positional) {
      options.push_back(&key);
    }
  }
  return options;
}

/// "native paho".
std::string choices(const Key& key) {
  std::string words(key.choices);
  std::replace(words.begin(), words.end(), '|', ' ');
  return words;
}

/// `text` with a backslash before each of `special`.
std::string escaped(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) {
      out += '\\';
    }
    out += c;
  }
  return out;
}

/// For single quotes, in which nothing but their end means anything.
std::string in_single_quotes(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return out + "'";
}

/// A line of bash's `case` for all options after which the same can follow.
std::string bash_case(const std::vector<const Key*>& options, Follows kind, std::string_view then) {
  std::string names;
  for (const Key* key : options) {
    if (follows(*key) == kind) {
      names += fmt::format("{}--{}", names.empty() ? "" : " | ", key->option);
    }
  }
  return names.empty() ? "" : fmt::format("    {}) {} ;;\n", names, then);
}

std::string bash(Program program) {
  const auto options = options_of(program);
  std::string cases;
  std::string all = "--help --version";
  for (const Key* key : options) {
    all += fmt::format(" --{}", key->option);
    if (follows(*key) == Follows::choice) {
      cases += fmt::format("    --{}) COMPREPLY=($(compgen -W '{}' -- \"$word\")); return ;;\n",
                           key->option, choices(*key));
    }
  }
  cases += bash_case(options, Follows::file,
                     "compopt -o filenames; COMPREPLY=($(compgen -f -- \"$word\")); return");
  cases += bash_case(options, Follows::text, "return");
  return fmt::format(
      "_stresskit_{0}() {{\n"
      "  local word=${{COMP_WORDS[COMP_CWORD]}}\n"
      "  COMPREPLY=()\n"
      "  case ${{COMP_WORDS[COMP_CWORD - 1]}} in\n"
      "{1}"
      "  esac\n"
      "  COMPREPLY=($(compgen -W '{2}' -- \"$word\"))\n"
      "}}\n"
      "complete -F _stresskit_{0} {0}\n",
      to_string(program), cases, all);
}

std::string zsh(Program program) {
  std::string out = fmt::format(
      "#compdef {}\n\n_arguments \\\n  '(-h --help)'{{-h,--help}}'[print a summary]' \\\n"
      "  '--version[print the version]'",
      to_string(program));
  for (const Key* key : options_of(program)) {
    const std::string help = escaped(key->help, "[]:\\");
    const std::string repeats = key->repeatable ? "*" : "";
    const std::string name = fmt::format("{}--{}", repeats, key->option);
    std::string spec;
    switch (follows(*key)) {
      case Follows::nothing:
        spec = fmt::format("{}[{}]", name, help);
        break;
      case Follows::text:
        spec = fmt::format("{}=[{}]:value: ", name, help);
        break;
      case Follows::file:
        spec = fmt::format("{}=[{}]:file:_files", name, help);
        break;
      case Follows::choice:
        spec = fmt::format("{}=[{}]:value:({})", name, help, choices(*key));
        break;
    }
    out += " \\\n  " + in_single_quotes(spec);
  }
  return out + "\n";
}

std::string fish(Program program) {
  const std::string_view name = to_string(program);
  std::string out = fmt::format(
      "complete -c {0} -f\ncomplete -c {0} -s h -l help -d 'print a summary'\n"
      "complete -c {0} -l version -d 'print the version'\n",
      name);
  for (const Key* key : options_of(program)) {
    std::string takes;
    switch (follows(*key)) {
      case Follows::nothing:
        break;
      case Follows::text:
        takes = " -x";
        break;
      case Follows::file:
        takes = " -r -F";
        break;
      case Follows::choice:
        takes = fmt::format(" -x -a '{}'", choices(*key));
        break;
    }
    // Single quotes know two escapes here.
    out += fmt::format("complete -c {} -l {}{} -d '{}'\n", name, key->option, takes,
                       escaped(key->help, "'\\"));
  }
  return out;
}

}  // namespace

std::string completion(Shell shell, Program program) {
  switch (shell) {
    case Shell::bash:
      return bash(program);
    case Shell::zsh:
      return zsh(program);
    case Shell::fish:
      return fish(program);
  }
  return {};
}

}  // namespace stresskit::config
