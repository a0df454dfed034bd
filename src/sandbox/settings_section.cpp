#include "sandbox/settings_section.hpp"

#include <utility>

namespace stresskit::sandbox {

using nlohmann::json;

SettingsSection::SettingsSection(const json& object, std::string name)
    : rest_(object), name_(std::move(name)) {
  if (!rest_.is_object()) {
    complain("is no object");
  }
}

json SettingsSection::take(const char* key) {
  if (!rest_.is_object() || !rest_.contains(key)) {
    return {};
  }
  json value = std::move(rest_[key]);
  rest_.erase(key);
  return value;
}

void SettingsSection::flag(const char* key, bool& out) {
  const json value = take(key);
  if (value.is_boolean()) {
    out = value.get<bool>();
  } else if (!value.is_null()) {
    complain(std::string(key) + " is no boolean");
  }
}

std::optional<std::uint64_t> SettingsSection::whole(const char* key, std::uint64_t highest) {
  const json value = take(key);
  if (value.is_null()) {
    return std::nullopt;
  }
  if (value.is_number_unsigned() && value.get<std::uint64_t>() <= highest) {
    return value.get<std::uint64_t>();
  }
  complain(std::string(key) + " is no whole number from 0 to " + std::to_string(highest));
  return std::nullopt;
}

void SettingsSection::complain(const std::string& what) {
  if (problem_.empty()) {
    problem_ = name_ + ": " + what;
  }
}

std::string SettingsSection::finish() {
  if (problem_.empty() && rest_.is_object() && !rest_.empty()) {
    complain("has an unknown member \"" + rest_.begin().key() + "\"");
  }
  return problem_;
}

}  // namespace stresskit::sandbox
