#pragma once

#include "stresskit/fleet/failure.hpp"
#include "stresskit/metrics/snapshot.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stresskit::metrics {

using Json = nlohmann::ordered_json;

/// Fields of a JSON object that may be missing, null or of another type: then they are nothing,
/// never an exception. Numbers that are not finite or out of range are nothing, too.

/// Nothing when the text is no JSON object.
[[nodiscard]] std::optional<Json> parse_object(std::string_view text);

/// The member `key` of an object; null when there is none.
[[nodiscard]] const Json& member(const Json& json, std::string_view key);

[[nodiscard]] std::optional<double> number(const Json& json, std::string_view key);
[[nodiscard]] std::optional<std::uint64_t> whole(const Json& json, std::string_view key);
[[nodiscard]] std::optional<std::string> word(const Json& json, std::string_view key);
[[nodiscard]] bool yes(const Json& json, std::string_view key);

/// The counters of the object; nothing when one is missing or they do not add up.
[[nodiscard]] std::optional<Counters> counters(const Json& json);

/// `stage`, `bucket`, `detail` of the object; nothing without a known stage and bucket.
[[nodiscard]] std::optional<fleet::Failure> failure(const Json& json);

[[nodiscard]] std::optional<DeviceState> device_state_from(std::string_view text);

}  // namespace stresskit::metrics
