#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>

namespace stresskit::thingsboard {

// `json::get` turns 1e99 or -1 into a whole number without a word, the former by undefined
// behaviour. These throw nlohmann::json::exception instead.

/// A whole number from 0 on.
[[nodiscard]] inline std::uint64_t whole_number(const nlohmann::json& value) {
  return value.get_ref<const nlohmann::json::number_unsigned_t&>();
}

/// Milliseconds since 1970, up to the year 30,000 or so: differences of them cannot overflow.
[[nodiscard]] inline std::int64_t time_ms(const nlohmann::json& value) {
  constexpr std::uint64_t latest = 1'000'000'000'000'000;
  const std::uint64_t ms = whole_number(value);
  if (ms > latest) {
    throw nlohmann::json::out_of_range::create(406, "no time: " + value.dump(), &value);
  }
  return static_cast<std::int64_t>(ms);
}

}  // namespace stresskit::thingsboard
