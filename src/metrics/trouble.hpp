#pragma once

#include "stresskit/support/clock.hpp"
#include "stresskit/support/result.hpp"

#include <filesystem>

namespace stresskit::metrics {

/// Warns when trouble with a file begins and says when it is over; returns whether there is
/// trouble.
bool report_trouble(const support::Result<void>& result, bool had_trouble,
                    const std::filesystem::path& path);

/// The next multiple of `every` after `now`, so that a slow write shifts no later one.
[[nodiscard]] support::Mono::time_point next_tick(support::Mono::time_point last,
                                                  support::Mono::duration every,
                                                  support::Mono::time_point now);

}  // namespace stresskit::metrics
