#include "stresskit/fleet/device.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <compare>

namespace stresskit::fleet {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// A name in front of its trailing digits, and those digits without leading zeros.
struct Parts {
  std::string_view stem;
  std::string_view number;
};

Parts split(std::string_view name) {
  std::size_t begin = name.size();
  while (begin > 0 && is_digit(name[begin - 1])) {
    --begin;
  }
  std::string_view number = name.substr(begin);
  number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
  return {name.substr(0, begin), number};
}

}  // namespace

std::string device_name(std::string_view prefix, std::uint32_t index) {
  return fmt::format("{}-{:03}", prefix, index);
}

std::optional<std::uint32_t> device_index(std::string_view prefix, std::string_view name) {
  if (name.size() < prefix.size() + 2 || !name.starts_with(prefix)) {
    return std::nullopt;
  }
  const std::string_view digits = name.substr(prefix.size() + 1);
  std::uint32_t index = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (error != std::errc{} || end != digits.data() + digits.size() || index == 0) {
    return std::nullopt;
  }
  // The way back decides: "sim-1" and "sim-0001" are no names of ours.
  return device_name(prefix, index) == name ? std::optional(index) : std::nullopt;
}

bool name_less(std::string_view a, std::string_view b) {
  const Parts left = split(a);
  const Parts right = split(b);
  if (left.stem != right.stem) {
    return left.stem < right.stem;
  }
  if (left.number.size() != right.number.size()) {
    return left.number.size() < right.number.size();
  }
  if (left.number != right.number) {
    return left.number < right.number;
  }
  return a.size() < b.size();  // "sim-1" before "sim-01"
}

}  // namespace stresskit::fleet
