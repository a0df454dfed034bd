#include "sandbox/values.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace stresskit::sandbox {
namespace {

using nlohmann::json;

constexpr int most_decimals = 16;       // the platform's JsonConverter: beyond it, a string
constexpr double int64_range = 9.2e18;  // a double below it converts to int64 safely

/// What the platform makes of a number written as `text`, which is a JSON number.
json typed_number(std::string_view text) {
  const std::size_t e = text.find_first_of("eE");
  const std::string_view mantissa = text.substr(0, e);
  const std::size_t dot = mantissa.find('.');
  std::string_view decimals = dot == std::string_view::npos ? "" : mantissa.substr(dot + 1);
  if (dot == std::string_view::npos && e == std::string_view::npos) {
    std::int64_t whole = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
    return error == std::errc() ? json(whole) : json(std::string(text));
  }
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  if (e != std::string_view::npos && value == std::floor(value) && std::abs(value) < int64_range) {
    return static_cast<std::int64_t>(value);
  }
  int exponent = 0;
  if (e != std::string_view::npos) {
    const std::size_t sign = text[e + 1] == '+' ? 1 : 0;
    std::from_chars(text.data() + e + 1 + sign, text.data() + text.size(), exponent);
  }
  if (static_cast<int>(decimals.size()) - exponent > most_decimals) return std::string(text);
  return value;
}

/// Digits with at most one point in the middle, a minus allowed: what Apache's
/// NumberUtils.isParsable takes.
bool reads_as_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.empty() || text.back() == '.' || text.front() == '.') return false;
  return std::count(text.begin(), text.end(), '.') <= 1 &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isdigit(c) != 0 || c == '.'; });
}

/// Builds the document and decides about each number from its text, which the ready-made parser
/// throws away.
class TypedBuilder : public nlohmann::json_sax<json> {
 public:
  [[nodiscard]] json take() { return std::move(root_); }

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(std::int64_t value) override { return put(value); }
  bool number_unsigned(std::uint64_t value) override {
    return put(std::in_range<std::int64_t>(value) ? json(static_cast<std::int64_t>(value))
                                                  : json(std::to_string(value)));
  }
  bool number_float(double, const std::string& text) override { return put(typed_number(text)); }
  bool string(std::string& value) override { return put(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(json::object()); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(std::string& name) override {
    key_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const json::exception&) override {
    return false;
  }

 private:
  json* place(json value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    json& parent = *open_.back();
    if (parent.is_array()) {
      parent.push_back(std::move(value));
      return &parent.back();
    }
    return &(parent[key_] = std::move(value));
  }
  bool put(json value) {
    place(std::move(value));
    return true;
  }
  bool open(json container) {
    open_.push_back(place(std::move(container)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  json root_;
  std::vector<json*> open_;
  std::string key_;
};

/// As Java narrows a number to a long: what is too large becomes the largest.
std::int64_t saturated(const json& number) {
  constexpr double limit = 0x1p63;
  const auto value = number.get<double>();
  if (!number.is_number_float()) return number.get<std::int64_t>();
  if (value >= limit) return std::numeric_limits<std::int64_t>::max();
  if (value < -limit) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(value);
}

std::string no_value(const json& element) {
  return "Can't parse value: " + element.dump();
}

support::Result<void, PayloadProblem> read_element(const json& element, std::int64_t arrival_ms,
                                                   std::vector<Reading>& out) {
  if (!element.is_object()) return support::failure(PayloadProblem{false, no_value(element)});
  const json* values = &element;
  std::int64_t ts = arrival_ms;
  if (element.contains("ts") && element.contains("values")) {
    const json& time = element.at("ts");
    values = &element.at("values");
    if (!time.is_number()) {
      const std::string shown = time.is_string() ? time.get<std::string>() : time.dump();
      return support::failure(PayloadProblem{false, "For input string: \"" + shown + "\""});
    }
    if (!values->is_object()) return support::failure(PayloadProblem{false, no_value(*values)});
    ts = saturated(time);
  }
  for (const auto& [key, value] : values->items()) {
    if (!value.is_null()) out.push_back({ts, key, to_value(value)});
  }
  return {};
}

}  // namespace

json to_json(const Value& value, bool strict) {
  if (const auto* text = std::get_if<Text>(&value)) {
    return strict && text->is_json() ? json::parse(text->text(), nullptr, false)
                                     : json(text->text());
  }
  json typed = std::visit(
      [](const auto& held) -> json {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, Text>) {
          return nullptr;
        } else {
          return held;
        }
      },
      value);
  return strict ? typed : json(typed.dump());
}

Value to_value(const json& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_number_float()) return value.get<double>();
  if (!value.is_string()) return Text(value.dump(), true);
  const auto& text = value.get_ref<const std::string&>();
  if (!reads_as_number(text)) return Text(text, false);
  const json number = typed_number(text);
  return number.is_string() ? Value(Text(text, false)) : to_value(number);
}

json parse_typed(std::string_view text) {
  TypedBuilder builder;
  if (!json::sax_parse(text, &builder)) return json(json::value_t::discarded);
  return builder.take();
}

support::Result<std::vector<Reading>, PayloadProblem> parse_telemetry(std::string_view payload,
                                                                      std::int64_t arrival_ms) {
  const json document = parse_typed(payload);
  if (document.is_discarded()) return support::failure(PayloadProblem{true, "not JSON"});
  std::vector<Reading> readings;
  const bool many = document.is_array();
  const std::size_t count = many ? document.size() : 1;
  for (std::size_t i = 0; i < count; ++i) {
    const auto read = read_element(many ? document[i] : document, arrival_ms, readings);
    if (!read) return support::failure(read.error());
  }
  return readings;
}

bool is_storable_key(std::string_view key) {
  constexpr std::size_t longest = 255;
  return key.size() <= longest && key.find_first_not_of(" \t") != std::string_view::npos &&
         key.find_first_of("<>") == std::string_view::npos;
}

}  // namespace stresskit::sandbox
