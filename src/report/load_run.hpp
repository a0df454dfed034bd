#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/metrics/run_record.hpp"

#include <string>
#include <vector>

namespace stresskit::report {

/// Reads a run and judges it: by `wanted`, or by its own settings when that is empty (one of those
/// that cannot be understood is a gap). Throws
/// support::Error(usage) when nothing can be said about it at all.
[[nodiscard]] metrics::RunRecord load_run(const std::filesystem::path& folder,
                                          const std::vector<std::string>& wanted);

}  // namespace stresskit::report
