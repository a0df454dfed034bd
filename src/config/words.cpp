#include "words.hpp"

#include <fmt/format.h>

namespace stresskit::config {

std::string_view placeholder(const Key& key) {
  switch (key.type) {
    case Type::text:
    case Type::prefix:
      return "TEXT";
    case Type::path:
      return "PATH";
    case Type::file:
      return "FILE";
    case Type::url:
      return "URL";
    case Type::host:
      return "HOST";
    case Type::uuid:
      return "ID";
    case Type::boolean:
      return "0|1";
    case Type::count:
    case Type::number:
      return "N";
    case Type::duration:
    case Type::whole_seconds:
    case Type::milliseconds:
      return "TIME";
    case Type::choice:
      return key.choices;
    case Type::list:
      return "LIST";
    case Type::stages:
      return "N@TIME";
  }
  return "";
}

std::string default_text(const Key& key) {
  if (!key.says.empty()) {
    return std::string(key.says);
  }
  if (key.fallback.empty() || key.unit.empty()) {
    return std::string(key.fallback);
  }
  return fmt::format("{} {}", key.fallback, key.unit);
}

}  // namespace stresskit::config
