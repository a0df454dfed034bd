#include "metrics/trouble.hpp"

#include "stresskit/support/log.hpp"

namespace stresskit::metrics {

using support::Mono;

bool report_trouble(const support::Result<void>& result, bool had_trouble,
                    const std::filesystem::path& path) {
  if (!result && !had_trouble) {
    support::warn("{}; the next write tries again", result.error());
  } else if (result && had_trouble) {
    support::info("{} is written again", path.string());
  }
  return !result;
}

Mono::time_point next_tick(Mono::time_point last, Mono::duration every, Mono::time_point now) {
  const auto next = last + every;
  return next > now ? next : now + every;
}

}  // namespace stresskit::metrics
