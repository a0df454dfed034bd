#pragma once

#include "stresskit/thingsboard/types.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

namespace stresskit::verification {

/// The key of a message that holds the number of its burst.
inline const std::string burst_number_key = "seq";

/// The number in a stored point of that key; nothing when it is none, which no run of ours sent.
[[nodiscard]] inline std::optional<std::uint64_t> burst_number(const thingsboard::Sample& point) {
  std::uint64_t k = 0;
  const char* const end = point.value.data() + point.value.size();
  const auto [rest, error] = std::from_chars(point.value.data(), end, k);
  return error == std::errc() && rest == end ? std::optional(k) : std::nullopt;
}

}  // namespace stresskit::verification
