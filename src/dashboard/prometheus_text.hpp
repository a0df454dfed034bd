#pragma once

#include "dashboard/banner.hpp"
#include "dashboard/metrics_file.hpp"

#include <string>
#include <string_view>

namespace stresskit::dashboard {

inline constexpr std::string_view prometheus_type = "text/plain; version=0.0.4; charset=utf-8";

/// Whether a client's `Accept` asks for the text format of Prometheus rather than for JSON.
[[nodiscard]] bool wants_prometheus_text(std::string_view accept);

/// The figures of `metrics.json` in the text format of Prometheus (exposition format 0.0.4), by its
/// conventions: seconds, bytes and ratios, counters in `_total`. Also without a usable file there
/// is an answer: the state of the data directory, so that a scrape never fails for want of a run.
[[nodiscard]] std::string prometheus_text(const MetricsView& file, const Banner& banner);

}  // namespace stresskit::dashboard
