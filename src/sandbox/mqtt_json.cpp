#include "sandbox/mqtt_json.hpp"

#include "sandbox/mqtt_json_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace stresskit::sandbox {
namespace {

constexpr int max_depth = 255;  // Gson: JsonReader.DEFAULT_NESTING_LIMIT

/// Recursive descent over Gson's lenient grammar. A method that returns false has met what Gson
/// throws a MalformedJsonException for.
class LenientParser {
 public:
  explicit LenientParser(std::string_view text) : text_(text) {}

  bool document(JsonNode& out) {
    if (text_.starts_with("\xEF\xBB\xBF")) {
      lenient_skip(3);
    }
    skip_space();
    if (text_.substr(at_).starts_with(")]}'\n")) {
      lenient_skip(5);
    }
    if (!value(out, 0)) {
      return false;
    }
    skip_space();
    return good_ && at_ == text_.size();
  }

  [[nodiscard]] bool strict() const { return strict_; }

 private:
  [[nodiscard]] bool more() const { return at_ < text_.size(); }
  [[nodiscard]] char peek() const { return more() ? text_[at_] : '\0'; }
  [[nodiscard]] bool ahead(std::string_view what) const {
    return text_.substr(at_).starts_with(what);
  }

  void lenient_skip(std::size_t count) {
    strict_ = false;
    at_ += count;
  }

  /// White space and comments.
  void skip_space() {
    while (more()) {
      const char c = peek();
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        ++at_;
      } else if (c == '#' || ahead("//")) {
        lenient_skip(std::min(text_.find_first_of("\r\n", at_), text_.size()) - at_);
      } else if (ahead("/*")) {
        const std::size_t end = text_.find("*/", at_ + 2);
        if (end == std::string_view::npos) {
          good_ = false;
        }
        lenient_skip(std::min(end == std::string_view::npos ? end : end + 2, text_.size()) - at_);
      } else {
        return;
      }
    }
  }

  bool value(JsonNode& out, int depth) {
    skip_space();
    if (!more() || !good_ || depth > max_depth) {
      return false;
    }
    switch (peek()) {
      case '{':
        ++at_;
        return object(out, depth);
      case '[':
        ++at_;
        return array(out, depth);
      case '"':
      case '\'':
        out.kind = JsonNode::Kind::string;
        return quoted(out.text);
      default:
        return literal(out);
    }
  }

  bool object(JsonNode& out, int depth) {
    out.kind = JsonNode::Kind::object;
    skip_space();
    if (peek() == '}') {
      ++at_;
      return good_;
    }
    while (true) {
      auto& [name, node] = out.members.emplace_back();
      if (!member_name(name) || !colon() || !value(node, depth + 1)) {
        return false;
      }
      skip_space();
      const char c = peek();
      if (c != ',' && c != ';' && c != '}') {
        return false;
      }
      if (c == ';') {
        strict_ = false;
      }
      ++at_;
      if (c == '}') {
        return good_;
      }
    }
  }

  bool member_name(std::string& name) {
    skip_space();
    if (peek() == '"' || peek() == '\'') {
      return quoted(name);
    }
    strict_ = false;
    name = unquoted();
    return !name.empty();
  }

  bool colon() {
    skip_space();
    if (peek() == '=') {
      lenient_skip(1);
      if (peek() == '>') {
        ++at_;
      }
      return true;
    }
    if (peek() != ':') {
      return false;
    }
    ++at_;
    return true;
  }

  bool array(JsonNode& out, int depth) {
    out.kind = JsonNode::Kind::array;
    skip_space();
    if (peek() == ']') {
      ++at_;
      return good_;
    }
    while (more()) {
      skip_space();
      JsonNode& item = out.items.emplace_back();
      if (peek() == ',' || peek() == ';' || peek() == ']') {
        strict_ = false;  // an element left out: null
      } else if (!value(item, depth + 1)) {
        return false;
      }
      skip_space();
      const char c = peek();
      if (c != ',' && c != ';' && c != ']') {
        return false;
      }
      if (c == ';') {
        strict_ = false;
      }
      ++at_;
      if (c == ']') {
        return good_;
      }
    }
    return false;
  }

  bool quoted(std::string& out) {
    const char quote = text_[at_];
    if (quote == '\'') {
      strict_ = false;
    }
    ++at_;
    while (more()) {
      const char c = text_[at_++];
      if (c == quote) {
        return true;
      }
      if (c == '\\') {
        if (!escape(out)) {
          return false;
        }
      } else {
        if (static_cast<std::uint8_t>(c) < 0x20) {
          strict_ = false;
        }
        out.push_back(c);
      }
    }
    return false;
  }

  bool escape(std::string& out) {
    constexpr std::string_view names = "tbnrf\n'\"\\/";
    constexpr std::string_view values = "\t\b\n\r\f\n'\"\\/";
    if (!more()) {
      return false;
    }
    const char c = text_[at_++];
    if (c == 'u') {
      return unicode_escape(out);
    }
    const std::size_t known = names.find(c);
    if (known == std::string_view::npos) {
      return false;
    }
    if (c == '\n' || c == '\'') {
      strict_ = false;
    }
    out.push_back(values[known]);
    return true;
  }

  bool unicode_escape(std::string& out) {
    std::uint32_t code = 0;
    if (!hex4(code)) {
      return false;
    }
    const bool high = code >= 0xD800 && code < 0xDC00;
    if (high && ahead("\\u")) {
      const std::size_t before = at_;
      std::uint32_t low = 0;
      at_ += 2;
      if (!hex4(low)) {
        return false;
      }
      if (low >= 0xDC00 && low < 0xE000) {
        append_utf8(out, 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00));
        return true;
      }
      at_ = before;
    }
    if (code >= 0xD800 && code < 0xE000) {
      strict_ = false;  // half a pair: Java writes it as "?"
      out.push_back('?');
    } else {
      append_utf8(out, code);
    }
    return true;
  }

  bool hex4(std::uint32_t& code) {
    const std::string_view hex = text_.substr(at_, 4);
    const auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), code, 16);
    at_ += hex.size();
    return hex.size() == 4 && error == std::errc{} && end == hex.data() + hex.size();
  }

  std::string unquoted() {
    const std::size_t start = at_;
    while (more() && !ends_literal(peek())) {
      ++at_;
    }
    return std::string(text_.substr(start, at_ - start));
  }

  bool literal(JsonNode& out) {
    constexpr std::array keywords{std::pair{"true", JsonNode::Kind::boolean},
                                  std::pair{"false", JsonNode::Kind::boolean},
                                  std::pair{"null", JsonNode::Kind::null}};
    const std::string text = unquoted();
    if (text.empty()) {
      return false;
    }
    if (is_json_number(text)) {
      out.kind = JsonNode::Kind::number;
      out.text = text;
      return true;
    }
    for (const auto& [keyword, kind] : keywords) {
      if (!equals_any_case(text, keyword)) {
        continue;
      }
      if (text != keyword) {
        strict_ = false;
      }
      out.kind = kind;
      out.text = keyword;
      return true;
    }
    strict_ = false;
    out.kind = JsonNode::Kind::string;
    out.text = text;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool strict_ = true;
  bool good_ = true;
};

}  // namespace

JsonNode* JsonNode::member(std::string_view name) {
  const auto found = std::find_if(members.rbegin(), members.rend(),
                                  [&](const JsonMember& entry) { return entry.name == name; });
  return found == members.rend() ? nullptr : &found->value;
}

std::optional<JsonDocument> parse_lenient_json(std::string_view text) {
  const bool well_formed = is_utf8(text);
  const std::string fixed = well_formed ? std::string() : repair_utf8(text);
  LenientParser parser(well_formed ? text : std::string_view(fixed));
  JsonDocument document;
  if (!parser.document(document.root)) {
    return std::nullopt;
  }
  document.strict = parser.strict() && well_formed;
  return document;
}

}  // namespace stresskit::sandbox
