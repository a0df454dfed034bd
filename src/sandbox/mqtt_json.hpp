#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stresskit::sandbox {

struct JsonMember;

/// A JSON value that keeps the text of its numbers, because how a number is written decides what
/// the platform stores: `25` is a long, `25.0` a double.
struct JsonNode {
  enum class Kind { null, boolean, number, string, object, array };

  Kind kind = Kind::null;
  std::string text;                 ///< scalars; strings without quotes
  std::vector<JsonMember> members;  ///< objects, in order
  std::vector<JsonNode> items;      ///< arrays

  /// The last member of that name, like a map that is written to in order; null when none has it.
  [[nodiscard]] JsonNode* member(std::string_view name);
};

struct JsonMember {
  std::string name;
  JsonNode value;
};

/// A document, and whether strict JSON would have taken it as well.
struct JsonDocument {
  JsonNode root;
  bool strict = true;
};

/// Reads one JSON document the way the platform does: Gson's JsonReader in lenient mode, which
/// takes unquoted and single-quoted names and strings, comments, `=` and `=>` for `:`, `;` for `,`,
/// left out array elements as null, any case of true, false and null. What even that refuses (a
/// document cut short, two documents, more than 255 levels) gives nothing.
///
/// Bytes that are no UTF-8 become U+FFFD, as in Java.
[[nodiscard]] std::optional<JsonDocument> parse_lenient_json(std::string_view text);

/// The value as strict JSON.
[[nodiscard]] std::string write_json(const JsonNode& node);

}  // namespace stresskit::sandbox
