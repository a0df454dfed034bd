#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// The characters of JSON as Gson reads them.
namespace stresskit::sandbox {

/// Whether `c` ends an unquoted name or value (Gson: JsonReader.isLiteral).
[[nodiscard]] bool ends_literal(char c);

/// Exactly JSON's grammar of a number; anything else unquoted is a string to Gson.
[[nodiscard]] bool is_json_number(std::string_view text);

/// Whether `text` is the keyword `lower` in any case.
[[nodiscard]] bool equals_any_case(std::string_view text, std::string_view lower);

void append_utf8(std::string& out, std::uint32_t code);

/// Like is_mqtt_text, but U+0000 is a character like any other here.
[[nodiscard]] bool is_utf8(std::string_view text);

/// Replaces every byte that is no part of well-formed UTF-8 by U+FFFD.
[[nodiscard]] std::string repair_utf8(std::string_view text);

}  // namespace stresskit::sandbox
