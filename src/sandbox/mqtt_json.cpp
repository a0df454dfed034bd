#include "sandbox/mqtt_json.hpp"

#include "sandbox/mqtt_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace stresskit::sandbox {
namespace {

constexpr int max_depth = 255;  // Gson: JsonReader.DEFAULT_NESTING_LIMIT
constexpr std::string_view replacement = "\xEF\xBF\xBD";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Ends an unquoted name or value (Gson: JsonReader.isLiteral).
bool ends_literal(char c) {
  return std::string_view("/\\;#={}[]:, \t\f\r\n").find(c) != std::string_view::npos;
}

std::size_t digits(std::string_view text, std::size_t from) {
  std::size_t at = from;
  while (at < text.size() && is_digit(text[at])) ++at;
  return at - from;
}

/// Exactly JSON's grammar of a number; anything else unquoted is a string to Gson.
bool is_number(std::string_view text) {
  std::size_t at = !text.empty() && text[0] == '-' ? 1 : 0;
  const std::size_t whole = digits(text, at);
  if (whole == 0 || (whole > 1 && text[at] == '0')) return false;
  at += whole;
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = digits(text, at + 1);
    if (fraction == 0) return false;
    at += 1 + fraction;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const std::size_t exponent = digits(text, at);
    if (exponent == 0) return false;
    at += exponent;
  }
  return at == text.size();
}

bool equals_any_case(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return a == b || a == b - 'a' + 'A'; });
}

void put_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | code >> 6U);
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0U | code >> 12U);
    put(0x80U | (code >> 6U & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | code >> 18U);
    put(0x80U | (code >> 12U & 0x3FU));
    put(0x80U | (code >> 6U & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
}

/// Replaces every byte that is no part of well-formed UTF-8.
std::string repaired(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t length = std::min<std::size_t>(4, text.size());
    while (length > 0 && !(text[0] == '\0' && length == 1) &&
           !(is_mqtt_text(text.substr(0, length)))) {
      --length;
    }
    out.append(length > 0 ? text.substr(0, length) : replacement);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

/// Recursive descent over Gson's lenient grammar. A method that returns false has met what Gson
/// throws a MalformedJsonException for.
class LenientParser {
 public:
  explicit LenientParser(std::string_view text) : text_(text) {}

  bool document(JsonNode& out) {
    if (text_.starts_with("\xEF\xBB\xBF")) lenient_skip(3);
    skip_space();
    if (text_.substr(at_).starts_with(")]}'\n")) lenient_skip(5);
    if (!value(out, 0)) return false;
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
        if (end == std::string_view::npos) good_ = false;
        lenient_skip(std::min(end == std::string_view::npos ? end : end + 2, text_.size()) - at_);
      } else {
        return;
      }
    }
  }

  bool value(JsonNode& out, int depth) {
    skip_space();
    if (!more() || !good_ || depth > max_depth) return false;
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
      if (!member_name(name) || !colon() || !value(node, depth + 1)) return false;
      skip_space();
      const char c = peek();
      if (c != ',' && c != ';' && c != '}') return false;
      if (c == ';') strict_ = false;
      ++at_;
      if (c == '}') return good_;
    }
  }

  bool member_name(std::string& name) {
    skip_space();
    if (peek() == '"' || peek() == '\'') return quoted(name);
    strict_ = false;
    name = unquoted();
    return !name.empty();
  }

  bool colon() {
    skip_space();
    if (peek() == '=') {
      lenient_skip(1);
      if (peek() == '>') ++at_;
      return true;
    }
    if (peek() != ':') return false;
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
      if (c != ',' && c != ';' && c != ']') return false;
      if (c == ';') strict_ = false;
      ++at_;
      if (c == ']') return good_;
    }
    return false;
  }

  bool quoted(std::string& out) {
    const char quote = text_[at_];
    if (quote == '\'') strict_ = false;
    ++at_;
    while (more()) {
      const char c = text_[at_++];
      if (c == quote) return true;
      if (c == '\\') {
        if (!escape(out)) return false;
      } else {
        if (static_cast<std::uint8_t>(c) < 0x20) strict_ = false;
        out.push_back(c);
      }
    }
    return false;
  }

  bool escape(std::string& out) {
    constexpr std::string_view names = "tbnrf\n'\"\\/";
    constexpr std::string_view values = "\t\b\n\r\f\n'\"\\/";
    if (!more()) return false;
    const char c = text_[at_++];
    if (c == 'u') return unicode_escape(out);
    const std::size_t known = names.find(c);
    if (known == std::string_view::npos) return false;
    if (c == '\n' || c == '\'') strict_ = false;
    out.push_back(values[known]);
    return true;
  }

  bool unicode_escape(std::string& out) {
    std::uint32_t code = 0;
    if (!hex4(code)) return false;
    const bool high = code >= 0xD800 && code < 0xDC00;
    if (high && ahead("\\u")) {
      const std::size_t before = at_;
      std::uint32_t low = 0;
      at_ += 2;
      if (!hex4(low)) return false;
      if (low >= 0xDC00 && low < 0xE000) {
        put_utf8(out, 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00));
        return true;
      }
      at_ = before;
    }
    if (code >= 0xD800 && code < 0xE000) {
      strict_ = false;  // half a pair: Java writes it as "?"
      out.push_back('?');
    } else {
      put_utf8(out, code);
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
    while (more() && !ends_literal(peek())) ++at_;
    return std::string(text_.substr(start, at_ - start));
  }

  bool literal(JsonNode& out) {
    constexpr std::array keywords{std::pair{"true", JsonNode::Kind::boolean},
                                  std::pair{"false", JsonNode::Kind::boolean},
                                  std::pair{"null", JsonNode::Kind::null}};
    const std::string text = unquoted();
    if (text.empty()) return false;
    if (is_number(text)) {
      out.kind = JsonNode::Kind::number;
      out.text = text;
      return true;
    }
    for (const auto& [keyword, kind] : keywords) {
      if (!equals_any_case(text, keyword)) continue;
      if (text != keyword) strict_ = false;
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

void write_string(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  out.push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (byte < 0x20) {
      out.append("\\u00").push_back(hex[byte >> 4U]);
      out.push_back(hex[byte & 0x0FU]);
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

void write(std::string& out, const JsonNode& node) {
  switch (node.kind) {
    case JsonNode::Kind::null:
      out.append("null");
      return;
    case JsonNode::Kind::boolean:
    case JsonNode::Kind::number:
      out.append(node.text);
      return;
    case JsonNode::Kind::string:
      write_string(out, node.text);
      return;
    case JsonNode::Kind::object: {
      char separator = '{';
      if (node.members.empty()) out.push_back('{');
      for (const auto& [name, member] : node.members) {
        out.push_back(std::exchange(separator, ','));
        write_string(out, name);
        out.push_back(':');
        write(out, member);
      }
      out.push_back('}');
      return;
    }
    case JsonNode::Kind::array: {
      char separator = '[';
      if (node.items.empty()) out.push_back('[');
      for (const JsonNode& item : node.items) {
        out.push_back(std::exchange(separator, ','));
        write(out, item);
      }
      out.push_back(']');
      return;
    }
  }
}

/// Like is_mqtt_text, but U+0000 is a character like any other here.
bool is_utf8(std::string_view text) {
  while (true) {
    const std::size_t nul = text.find('\0');
    if (!is_mqtt_text(text.substr(0, nul))) return false;
    if (nul == std::string_view::npos) return true;
    text.remove_prefix(nul + 1);
  }
}

}  // namespace

JsonNode* JsonNode::member(std::string_view name) {
  const auto found = std::find_if(members.rbegin(), members.rend(),
                                  [&](const auto& entry) { return entry.first == name; });
  return found == members.rend() ? nullptr : &found->second;
}

std::optional<JsonDocument> parse_lenient_json(std::string_view text) {
  const bool well_formed = is_utf8(text);
  const std::string fixed = well_formed ? std::string() : repaired(text);
  LenientParser parser(well_formed ? text : std::string_view(fixed));
  JsonDocument document;
  if (!parser.document(document.root)) return std::nullopt;
  document.strict = parser.strict() && well_formed;
  return document;
}

std::string write_json(const JsonNode& node) {
  std::string out;
  write(out, node);
  return out;
}

}  // namespace stresskit::sandbox
