#include "sandbox/mqtt_json.hpp"

#include <cstdint>
#include <utility>

namespace stresskit::sandbox {
namespace {

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
      if (node.members.empty()) {
        out.push_back('{');
      }
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
      if (node.items.empty()) {
        out.push_back('[');
      }
      for (const JsonNode& item : node.items) {
        out.push_back(std::exchange(separator, ','));
        write(out, item);
      }
      out.push_back(']');
      return;
    }
  }
}

}  // namespace

std::string write_json(const JsonNode& node) {
  std::string out;
  write(out, node);
  return out;
}

}  // namespace stresskit::sandbox
