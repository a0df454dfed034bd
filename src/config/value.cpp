#include "value.hpp"

#include "checks.hpp"

#include "stresskit/support/format.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>
#include <system_error>
#include <unistd.h>

namespace stresskit::config {

using support::failure;
using support::Result;

namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t";
  const std::size_t first = text.find_first_not_of(blanks);
  return first == std::string_view::npos
             ? std::string_view{}
             : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

tl::unexpected<std::string> must_be(std::string_view what, const Key& key, std::string_view text) {
  return failure(fmt::format("must be {}{}, not {}", what, range_text(key), in_quotes(text)));
}

template <class Number>
bool read_whole(std::string_view text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && rest == end;
}

Result<Value> parse_boolean(const Key& key, std::string_view text) {
  constexpr std::array<std::string_view, 4> yes{"1", "true", "yes", "on"};
  constexpr std::array<std::string_view, 4> no{"0", "false", "no", "off"};
  std::string word(text);
  for (char& c : word) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  for (std::size_t i = 0; i < yes.size(); ++i) {
    if (word == yes[i] || word == no[i]) {
      return Value{.yes = word == yes[i]};
    }
  }
  return must_be("1, true, yes, on or 0, false, no, off", key, text);
}

Result<Value> parse_count(const Key& key, std::string_view text) {
  std::uint64_t count = 0;
  // Every limit of the table is below 2^53, so the comparison as double is exact.
  if (!read_whole(text, count) || static_cast<double>(count) < key.range.min ||
      static_cast<double>(count) > key.range.max) {
    return must_be("a whole number", key, text);
  }
  return Value{.count = count};
}

Result<Value> parse_number(const Key& key, std::string_view text) {
  double number = 0;
  // Written so that NaN fails, too.
  if (!read_whole(text, number) || !(number >= key.range.min && number <= key.range.max)) {
    return must_be("a number", key, text);
  }
  return Value{.number = number};
}

Result<Value> parse_time(const Key& key, std::string_view text) {
  const bool in_ms = key.type == Type::milliseconds;
  const bool bare = !text.empty() && text.back() >= '0' && text.back() <= '9';
  const auto parsed =
      support::parse_duration(in_ms && bare ? std::string(text) + "ms" : std::string(text));
  const double value = !parsed ? 0 : in_ms ? support::to_ms(*parsed) : support::to_seconds(*parsed);
  const bool whole = key.type != Type::whole_seconds || value == std::floor(value);
  if (!parsed || !whole || value < key.range.min || value > key.range.max) {
    return must_be(whole ? "a time (90, 90s, 1.5s, 250ms, 2m, 1h)" : "whole seconds", key, text);
  }
  return Value{.duration = *parsed};
}

Result<Value> parse_choice(const Key& key, std::string_view text) {
  std::string listed;
  for (std::string_view rest = key.choices; !rest.empty();) {
    const std::string_view word = rest.substr(0, rest.find('|'));
    if (word == text) {
      return Value{.text = std::string(text)};
    }
    listed += (listed.empty() ? "" : " or ") + std::string(word);
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
  }
  return must_be(listed, key, text);
}

/// "a, b" -> a and b; empty parts do not count.
std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view part = trimmed(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
    if (!part.empty()) {
      parts.emplace_back(part);
    }
  }
  return parts;
}

Result<Value> parse_list(std::string_view text) {
  if (const auto verdict = check_text(text); !verdict) {
    return failure(verdict.error());
  }
  return Value{.list = split_list(text)};
}

Result<Value> parse_stages(const Key& key, std::string_view text) {
  Value value;
  for (const std::string& part : split_list(text)) {
    const std::size_t at = part.find('@');
    Stage stage;
    const auto duration = at == std::string::npos
                              ? failure("no duration")
                              : support::parse_duration(std::string_view(part).substr(at + 1));
    if (!duration || *duration <= Duration::zero() ||
        !read_whole(std::string_view(part).substr(0, at), stage.devices) || stage.devices == 0) {
      return must_be("stages like 100@30s (devices@time, commas between stages)", key, part);
    }
    stage.duration = *duration;
    value.stages.push_back(stage);
  }
  return value;
}

Result<Value> parse_file(std::string_view text) {
  const std::filesystem::path path(text);
  std::error_code ignored;
  const int error = std::filesystem::is_directory(path, ignored) ? EISDIR
                    : ::access(path.c_str(), R_OK) != 0          ? errno
                                                                 : 0;
  if (error != 0) {
    return failure(fmt::format("names {}, which cannot be read: {}", in_quotes(text),
                               std::generic_category().message(error)));
  }
  return Value{.text = std::string(text)};
}

Result<Value> as_text(const Result<void>& verdict, std::string_view text) {
  if (!verdict) {
    return failure(verdict.error());
  }
  return Value{.text = std::string(text)};
}

Result<Value> as_text(const Result<std::string>& normalised) {
  if (!normalised) {
    return failure(normalised.error());
  }
  return Value{.text = *normalised};
}

}  // namespace

std::string range_text(const Key& key) {
  const auto [min, max] = key.range;
  const std::string unit = key.unit.empty() ? "" : fmt::format(" {}", key.unit);
  if (max == 0) {
    return "";
  }
  if (max == std::numeric_limits<std::uint32_t>::max()) {  // nobody's limit, only the type's
    return fmt::format(" of at least {}{}", min, unit);
  }
  return fmt::format(" from {:.15g} to {:.15g}{}", min, max, unit);
}

Result<Value> parse_value(const Key& key, std::string_view text) {
  switch (key.type) {
    case Type::text:
    case Type::path:
      return as_text(check_text(text), text);
    case Type::file:
      return parse_file(text);
    case Type::url:
      return as_text(check_url(trimmed(text)));
    case Type::host:
      return as_text(check_host(trimmed(text)));
    case Type::prefix:
      return as_text(check_prefix(text), text);
    case Type::uuid:
      return as_text(check_uuid(trimmed(text)), trimmed(text));
    case Type::boolean:
      return parse_boolean(key, trimmed(text));
    case Type::count:
      return parse_count(key, trimmed(text));
    case Type::number:
      return parse_number(key, trimmed(text));
    case Type::duration:
    case Type::whole_seconds:
    case Type::milliseconds:
      return parse_time(key, trimmed(text));
    case Type::choice:
      return parse_choice(key, trimmed(text));
    case Type::list:
      return parse_list(text);
    case Type::stages:
      return parse_stages(key, text);
  }
  return failure("has no type");
}

}  // namespace stresskit::config
