#pragma once

#include "stresskit/support/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace stresskit::sandbox {

/// A stored string or JSON document, one pointer wide: a sandbox holds millions of points, nearly
/// all of them numbers.
class Text {
 public:
  Text(std::string text, bool is_json) : content_(new Content{std::move(text), is_json}) {}
  Text(const Text& other) : content_(new Content(*other.content_)) {}
  Text(Text&&) noexcept = default;
  Text& operator=(const Text& other) { return *this = Text(other); }
  Text& operator=(Text&&) noexcept = default;
  ~Text() = default;

  [[nodiscard]] const std::string& text() const { return content_->text; }
  [[nodiscard]] bool is_json() const { return content_->is_json; }

 private:
  struct Content {
    std::string text;
    bool is_json;
  };
  std::unique_ptr<Content> content_;
};

/// One value of a telemetry key or an attribute, of the types the platform knows.
using Value = std::variant<bool, std::int64_t, double, Text>;

/// As answered: typed when `strict` (attributes, useStrictDataTypes), otherwise as a string.
[[nodiscard]] nlohmann::json to_json(const Value& value, bool strict);

/// One key of one message.
struct Reading {
  std::int64_t ts = 0;  ///< milliseconds since 1970
  std::string key;
  Value value;
};

/// Why a payload was refused.
struct PayloadProblem {
  bool not_json = false;  ///< otherwise: JSON, but not telemetry
  std::string reason;     ///< in the platform's words
};

/// The readings of a telemetry payload: an object, an object with `ts` and `values`, or an array
/// of either. Elements without a time get `arrival_ms`; null values are left out. Numbers become
/// integers, doubles or strings as the platform's JSON converter decides (a string that reads as a
/// number is a number; more than 16 decimals are a string).
[[nodiscard]] support::Result<std::vector<Reading>, PayloadProblem> parse_telemetry(
    std::string_view payload, std::int64_t arrival_ms);

/// The value a JSON value is stored as. Null is the caller's business.
[[nodiscard]] Value to_value(const nlohmann::json& json);

/// Parses `text`, keeping what the platform makes of each number: 2.5e1 is 25, 1.5 is a double, an
/// integer beyond 64 bits and a number of more than 16 decimals are strings. Discarded when it is
/// no JSON.
[[nodiscard]] nlohmann::json parse_typed(std::string_view text);

/// Keys the platform stores: 1 to 255 characters, not blank, no markup. Others are accepted by the
/// transport and then lost in the rule engine.
[[nodiscard]] bool is_storable_key(std::string_view key);

}  // namespace stresskit::sandbox
