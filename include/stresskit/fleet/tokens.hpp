#pragma once

#include "stresskit/fleet/device.hpp"
#include "stresskit/support/result.hpp"

#include <filesystem>
#include <vector>

namespace stresskit::fleet {

/// Reads `tokens.json`: one JSON object {name: token}. The devices come back ordered by number.
/// The error says what is wrong with the file and what to do: missing, empty, truncated, an array,
/// an entry whose token is not a string (named), no entry at all.
[[nodiscard]] support::Result<std::vector<Device>> read_tokens(const std::filesystem::path& path);

/// Replaces `tokens.json`, mode 0600.
[[nodiscard]] support::Result<void> write_tokens(const std::filesystem::path& path,
                                                 const std::vector<Device>& devices);

}  // namespace stresskit::fleet
