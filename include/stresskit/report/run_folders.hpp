#pragma once

#include "stresskit/config/settings.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace stresskit::report {

/// The folders of all runs in the data directory, the latest first.
[[nodiscard]] std::vector<std::filesystem::path> run_folders(const config::Data& data);

/// The folder that `run` names: an id, a folder, or nothing for the latest. Throws
/// support::Error(usage) that says which runs there are.
[[nodiscard]] std::filesystem::path find_run(const std::string& run, const config::Data& data);

}  // namespace stresskit::report
