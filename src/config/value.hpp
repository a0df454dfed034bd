#pragma once

#include "stresskit/config/keys.hpp"
#include "stresskit/support/result.hpp"

#include <string_view>

namespace stresskit::config {

/// What `text` means for this key, or why it cannot stand there: the end of a sentence that begins
/// with the key's name. A secret's value is never quoted.
[[nodiscard]] support::Result<Value> parse_value(const Key& key, std::string_view text);

/// "1 to 65535", "at least 1", "0.05 s to 3600 s"; empty when the type has no range.
[[nodiscard]] std::string range_text(const Key& key);

}  // namespace stresskit::config
