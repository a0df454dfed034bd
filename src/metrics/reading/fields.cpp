#include "fields.hpp"

#include <cmath>

namespace stresskit::metrics {

std::optional<Json> parse_object(std::string_view text) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  return json.is_object() ? std::optional(std::move(json)) : std::nullopt;
}

const Json& member(const Json& json, std::string_view key) {
  static const Json null;
  if (!json.is_object()) {
    return null;
  }
  const auto found = json.find(key);
  return found == json.end() ? null : *found;
}

std::optional<double> number(const Json& json, std::string_view key) {
  const Json& value = member(json, key);
  if (!value.is_number() || !std::isfinite(value.get<double>())) {
    return std::nullopt;
  }
  return value.get<double>();
}

std::optional<std::uint64_t> whole(const Json& json, std::string_view key) {
  const Json& value = member(json, key);
  return value.is_number_unsigned() ? std::optional(value.get<std::uint64_t>()) : std::nullopt;
}

std::optional<std::string> word(const Json& json, std::string_view key) {
  const Json& value = member(json, key);
  return value.is_string() ? std::optional(value.get<std::string>()) : std::nullopt;
}

bool yes(const Json& json, std::string_view key) {
  const Json& value = member(json, key);
  return value.is_boolean() && value.get<bool>();
}

std::optional<Counters> counters(const Json& json) {
  Counters::Parts parts;
  for (const auto& [into, key] :
       {std::pair{&parts.skipped, "skipped"}, std::pair{&parts.failed, "failed"},
        std::pair{&parts.sent, "sent"}, std::pair{&parts.acknowledged, "acknowledged"},
        std::pair{&parts.lost, "lost"}, std::pair{&parts.unacknowledged, "unacknowledged"},
        std::pair{&parts.in_flight, "in_flight"}}) {
    const auto value = whole(json, key);
    if (!value) {
      return std::nullopt;
    }
    *into = *value;
  }
  return Counters::from(parts);
}

std::optional<fleet::Failure> failure(const Json& json) {
  const auto stage = fleet::stage_from(word(json, "stage").value_or(""));
  const auto bucket = fleet::bucket_from(word(json, "bucket").value_or(""));
  if (!stage || !bucket) {
    return std::nullopt;
  }
  return fleet::Failure{*stage, *bucket, word(json, "detail").value_or(""), std::nullopt};
}

std::optional<DeviceState> device_state_from(std::string_view text) {
  for (const DeviceState state : {DeviceState::connecting, DeviceState::connected,
                                  DeviceState::disconnected, DeviceState::failed}) {
    if (to_string(state) == text) {
      return state;
    }
  }
  return std::nullopt;
}

}  // namespace stresskit::metrics
