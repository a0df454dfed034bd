#include "dotenv.hpp"

#include "stresskit/support/result.hpp"

#include <algorithm>

namespace stresskit::config {

using support::failure;
using support::Result;

namespace {

constexpr std::string_view blanks = " \t";

std::string_view without_leading_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text;
}

std::string_view without_trailing_blanks(std::string_view text) {
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

/// Takes the next line off the text, without its line end (LF or CRLF).
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  return line;
}

bool is_key(std::string_view text) {
  const auto letter = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
  };
  return !text.empty() && letter(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

/// A `#` begins a comment at the start of the value or after a blank; inside a word it is a
/// character like any other (passwords).
std::string plain_value(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '#' && i > 0 && blanks.find(text[i - 1]) != std::string_view::npos) {
      text = text.substr(0, i);
    }
  }
  text = without_leading_blanks(text);
  return std::string(without_trailing_blanks(text));
}

/// What stands behind a closing quote: nothing or a comment.
Result<void> check_rest(std::string_view rest) {
  const std::string_view text = without_leading_blanks(rest);
  if (text.empty() || (text.front() == '#' && text.size() < rest.size())) {
    return {};
  }
  return failure("has something behind the closing quote");
}

/// `text` begins with its quote, ' or ".
Result<std::string> quoted_value(std::string_view text) {
  const char quote = text.front();
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const char c = text[i];
    if (c == quote) {
      return check_rest(text.substr(i + 1)).map([&] { return value; });
    }
    if (quote == '\'' || c != '\\' || i + 1 == text.size()) {
      value += c;
      continue;
    }
    switch (const char escaped = text[++i]; escaped) {
      case 'n':
        value += '\n';
        break;
      case 'r':
        value += '\r';
        break;
      case 't':
        value += '\t';
        break;
      case '"':
      case '\\':
      case '$':
        value += escaped;
        break;
      default:  // as in a shell: any other backslash stands for itself
        value += '\\';
        value += escaped;
    }
  }
  return failure("has a quote that is never closed");
}

Result<Dotenv::Entry> parse_line(std::string_view line) {
  constexpr std::string_view prefix = "export";
  if (line.starts_with(prefix) && line.size() > prefix.size() &&
      blanks.find(line[prefix.size()]) != std::string_view::npos) {
    line = without_leading_blanks(line.substr(prefix.size()));
  }
  const std::size_t equals = line.find('=');
  const std::string_view key = without_trailing_blanks(line.substr(0, equals));
  if (equals == std::string_view::npos || !is_key(key)) {
    return failure("is not of the form KEY=value");
  }
  const std::string_view text = line.substr(equals + 1);
  const std::string_view begin = without_leading_blanks(text);
  const bool has_quotes = begin.starts_with('"') || begin.starts_with('\'');
  const Result<std::string> value = has_quotes ? quoted_value(begin) : plain_value(text);
  if (!value) {
    return failure(std::string(key) + " " + value.error());
  }
  return Dotenv::Entry{.key = std::string(key), .value = *value};
}

}  // namespace

Dotenv parse_dotenv(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark)) {
    text.remove_prefix(byte_order_mark.size());
  }
  Dotenv file;
  if (text.find('\0') != std::string_view::npos) {
    file.problems.push_back({"is not a text file in UTF-8", 1});
    return file;
  }
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = without_leading_blanks(take_line(text));
    if (line.empty() || line.front() == '#') {
      continue;
    }
    Result<Dotenv::Entry> entry = parse_line(line);
    if (entry) {
      entry->line = number;
      file.entries.push_back(std::move(*entry));
    } else {
      file.problems.push_back({entry.error(), number});
    }
  }
  return file;
}

}  // namespace stresskit::config
