#include "metrics/never_answered.hpp"

#include "stresskit/support/format.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stresskit::metrics {

std::string never_answered(const Snapshot& s) {
  if (s.totals.unacknowledged() == 0) {
    return "";
  }
  std::string text = fmt::format("{} of {}", s.totals.unacknowledged(), s.totals.sent());
  const auto last = std::find_if(s.bursts.rbegin(), s.bursts.rend(), [](const BurstRow& row) {
    return row.counters.unacknowledged() > 0;
  });
  if (last != s.bursts.rend()) {
    const double age_s = std::max(0.0, s.started_at + s.elapsed_s - last->due);
    text += fmt::format(", the last of them due {} before the run ended",
                        support::format_duration(support::from_seconds(age_s)));
  }
  return text;
}

std::string and_never_answered(const Snapshot& s) {
  const std::string text = never_answered(s);
  return text.empty() ? "" : "; never answered: " + text;
}

}  // namespace stresskit::metrics
