#include "stresskit/burst/payload.hpp"

#include <fmt/compile.h>
#include <nlohmann/json.hpp>

#include <iterator>

namespace stresskit::burst {

std::uint32_t Payload::between(std::uint32_t low, std::uint32_t high) {
  return low + static_cast<std::uint32_t>(random_()) % (high - low + 1);
}

std::string_view Payload::make(std::string_view device_json, const std::optional<Stamp>& stamp) {
  // Hundredths as whole numbers: exact two decimals, and much cheaper than printing doubles.
  const std::uint32_t temperature = between(2'000, 3'000);
  const std::uint32_t battery = between(360, 420);
  const std::uint32_t humidity = between(35, 65);
  const std::string_view status = between(1, 4) == 1 ? "warn" : "ok";
  text_.clear();
  if (stamp) {
    fmt::format_to(std::back_inserter(text_), FMT_COMPILE("{{\"ts\": {}, \"values\": "),
                   stamp->ts_ms);
  }
  fmt::format_to(std::back_inserter(text_),
                 FMT_COMPILE("{{\"temperature\": {}.{:02}, \"humidity\": {}, \"battery\": "
                             "{}.{:02}, \"status\": \"{}\", \"device\": {}"),
                 temperature / 100, temperature % 100, humidity, battery / 100, battery % 100,
                 status, device_json);
  if (stamp) {
    fmt::format_to(std::back_inserter(text_), FMT_COMPILE(", \"seq\": {}}}"), stamp->seq);
  }
  text_.push_back('}');
  return {text_.data(), text_.size()};
}

std::string json_string(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace stresskit::burst
