#pragma once

#include "stresskit/metrics/storage.hpp"
#include "stresskit/support/result.hpp"

#include <filesystem>
#include <optional>
#include <string_view>

namespace stresskit::metrics {

/// Keeps the result as `verification.json` in the archive `folder` of a run.
[[nodiscard]] support::Result<void> write_storage(const std::filesystem::path& folder,
                                                  const Storage& storage);

/// The same for a run of the past: its `summary.json` says so, too, and what follows from it.
[[nodiscard]] support::Result<void> write_late_storage(const std::filesystem::path& folder,
                                                       const Storage& storage);

/// What `verification.json` says; nothing when the run was never verified or the file is broken.
[[nodiscard]] std::optional<Storage> read_storage(const std::filesystem::path& folder);

/// "off", "running", "complete", "incomplete".
[[nodiscard]] std::string_view to_string(Storage::State state);

}  // namespace stresskit::metrics
