#include "sandbox/attribute_store.hpp"

#include <algorithm>
#include <utility>

namespace stresskit::sandbox {

std::optional<Scope> parse_scope(std::string_view name) {
  if (name == "CLIENT_SCOPE") return Scope::client;
  if (name == "SHARED_SCOPE") return Scope::shared;
  if (name == "SERVER_SCOPE") return Scope::server;
  return std::nullopt;
}

void AttributeStore::save(const std::string& device, Scope scope, std::string key, Value value,
                          std::int64_t now_ms) {
  const std::scoped_lock lock(mutex_);
  auto& entries = devices_[device];
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) {
    return entry.scope == scope && entry.attribute.key == key;
  });
  Attribute attribute{std::move(key), now_ms, std::move(value)};
  if (found != entries.end()) {
    found->attribute = std::move(attribute);
  } else {
    entries.push_back({scope, std::move(attribute)});
  }
}

std::vector<Attribute> AttributeStore::list(const std::string& device,
                                            std::optional<Scope> scope) const {
  const std::scoped_lock lock(mutex_);
  std::vector<Attribute> attributes;
  const auto found = devices_.find(device);
  if (found == devices_.end()) return attributes;
  for (const Entry& entry : found->second) {
    if (!scope || entry.scope == *scope) attributes.push_back(entry.attribute);
  }
  return attributes;
}

void AttributeStore::erase(const std::string& device, Scope scope, const std::string& key) {
  const std::scoped_lock lock(mutex_);
  const auto found = devices_.find(device);
  if (found == devices_.end()) return;
  std::erase_if(found->second, [&](const Entry& entry) {
    return entry.scope == scope && entry.attribute.key == key;
  });
}

void AttributeStore::erase(const std::string& device) {
  const std::scoped_lock lock(mutex_);
  devices_.erase(device);
}

}  // namespace stresskit::sandbox
