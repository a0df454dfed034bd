#pragma once

#include "stresskit/thingsboard/types.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace stresskit::thingsboard {

// Answers of the telemetry controller to queries for one key. A key without points is missing in
// the answer, or (newest value) there with a null. Wrong documents throw nlohmann::json::exception.

/// The sum of all buckets.
[[nodiscard]] std::uint64_t read_count(std::string_view body, const std::string& key);
[[nodiscard]] Samples read_samples(std::string_view body, const std::string& key);

}  // namespace stresskit::thingsboard
