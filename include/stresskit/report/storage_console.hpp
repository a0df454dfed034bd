#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/support/error.hpp"

#include <filesystem>

namespace stresskit::report {

/// Prints what the verified run in `folder` says about storage (with `--json`: its whole summary as
/// one object), judged by the thresholds that are wanted now, else by the run's own. Answers 99
/// when one is crossed, 4 when the verification did not come to its end, else 0. Throws
/// support::Error(usage) for thresholds nobody understands.
[[nodiscard]] support::ExitCode tell_storage(const std::filesystem::path& folder,
                                             const config::Settings& settings);

}  // namespace stresskit::report
