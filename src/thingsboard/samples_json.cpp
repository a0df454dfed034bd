#include "thingsboard/samples_json.hpp"

#include "thingsboard/numbers.hpp"

#include <nlohmann/json.hpp>

namespace stresskit::thingsboard {

namespace {

using nlohmann::json;

/// Calls `take(ts, value)` for each point of the key.
template <class Take>
void for_each_point(std::string_view body, const std::string& key, Take take) {
  const json document = json::parse(body);
  if (document.is_object() && !document.contains(key)) {
    return;
  }
  for (const json& point : document.at(key)) {
    if (const json& value = point.at("value"); !value.is_null()) {
      take(time_ms(point.at("ts")), value.is_string() ? value.get<std::string>() : value.dump());
    }
  }
}

}  // namespace

std::uint64_t read_count(std::string_view body, const std::string& key) {
  std::uint64_t sum = 0;
  for_each_point(body, key, [&](std::int64_t, const std::string& value) {
    sum += whole_number(json::parse(value));
  });
  return sum;
}

Samples read_samples(std::string_view body, const std::string& key) {
  Samples samples;
  for_each_point(body, key, [&](std::int64_t ts, std::string value) {
    samples.push_back({ts, std::move(value)});
  });
  return samples;
}

}  // namespace stresskit::thingsboard
