#include "words.hpp"

#include "stresskit/config/manuals.hpp"

#include <fmt/format.h>

#include <string>

namespace stresskit::config {

namespace {

/// Plain text as roff takes it: no escapes, real hyphens, and no line that reads as a command.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) {
      out += fmt::format("\\&{}", c);
    } else {
      out += c;
    }
  }
  return out;
}

std::string option_entry(const Key& key, Program program) {
  return fmt::format(".TP\n.B {}\n{}\n", roff(option_text(key)), roff(meaning_text(key, program)));
}

std::string options(Program program) {
  std::string out = ".SH OPTIONS\n";
  const Key* previous = nullptr;
  for (const Key& key : keys()) {
    if (!key.taken_by.has(program)) {
      continue;
    }
    if (previous == nullptr || previous->group != key.group) {
      out += fmt::format(".SS {}\n",
                         key.group == Group::command ? "Other options" : to_string(key.group));
    }
    out += option_entry(key, program);
    previous = &key;
  }
  return out +
         ".TP\n.B \\-h, \\-\\-help\nprint a summary\n.TP\n.B \\-\\-version\nprint the version\n";
}

std::string see_also(Program program) {
  std::string out;
  for (const Program other : all_programs) {
    if (other != program) {
      out += fmt::format("{}.BR {} (1)", out.empty() ? "" : ",\n", to_string(other));
    }
  }
  return ".SH SEE ALSO\n" + out + "\n";
}

}  // namespace

std::string man_page(Program program, std::string_view version) {
  const std::string_view name = to_string(program);
  const std::string_view what = purpose(program);
  const std::string_view first = what.substr(0, what.find_first_of(":."));
  return fmt::format(".TH {} 1 \"\" \"stresskit {}\" \"ThingsBoard Telemetry Stress Kit\"\n", name,
                     version) +
         fmt::format(".SH NAME\n{} \\- {}\n", name, roff(first)) +
         fmt::format(".SH SYNOPSIS\n.B {}\n{}\n", name, roff(usage(program).substr(1))) +
         fmt::format(".SH DESCRIPTION\n{}\n", roff(purpose(program))) + options(program) +
         fmt::format(".SH ENVIRONMENT\n{}\n", roff(sources_text)) +
         fmt::format(".SH EXIT STATUS\n{}\n", roff(exit_codes_text)) + see_also(program);
}

}  // namespace stresskit::config
