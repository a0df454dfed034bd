#pragma once

#include "sandbox/values.hpp"

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace stresskit::sandbox {

enum class Scope { client, shared, server };

/// "SERVER_SCOPE" and its kin; nothing for any other word.
[[nodiscard]] std::optional<Scope> parse_scope(std::string_view name);

struct Attribute {
  std::string key;
  std::int64_t updated_ms = 0;
  Value value;
};

/// The attributes of all devices, three scopes each, in the order in which they first appeared.
///
/// Threads: every method may be called from any thread.
class AttributeStore {
 public:
  void save(const std::string& device, Scope scope, std::string key, Value value,
            std::int64_t now_ms);

  /// Every attribute of the scope, or of all scopes when none is named.
  [[nodiscard]] std::vector<Attribute> list(const std::string& device,
                                            std::optional<Scope> scope) const;

  void erase(const std::string& device, Scope scope, const std::string& key);
  void erase(const std::string& device);

 private:
  struct Entry {
    Scope scope;
    Attribute attribute;
  };

  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::vector<Entry>> devices_;  // guarded by mutex_
};

}  // namespace stresskit::sandbox
