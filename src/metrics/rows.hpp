#pragma once

#include "stresskit/metrics/event.hpp"
#include "stresskit/metrics/histograms.hpp"
#include "stresskit/metrics/snapshot.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace stresskit::metrics {

using Json = nlohmann::ordered_json;

/// To three decimals: a microsecond in a figure of milliseconds; more is noise that fills a file.
[[nodiscard]] double rounded(double value);

/// A burst as `metrics.json` and `bursts.ndjson` hold it.
[[nodiscard]] Json burst_json(const BurstRow& row);

/// Puts what follows from a run's figures: `verdict`, `broke_first`.
void put_conclusions(Json& json, const Snapshot& snapshot);

/// As one line of text; bytes that are no UTF-8 become the replacement character.
[[nodiscard]] std::string line(const Json& json);

/// A row of `events.ndjson`.
[[nodiscard]] Json event_json(const Event& event);

/// A row of `histograms.ndjson`: what came on top at `at_s`.
[[nodiscard]] Json histogram_json(const HistogramKey& key, const Histogram& histogram, double at_s);

/// A row of `timeline.csv`, and its header.
[[nodiscard]] std::string timeline_row(const Snapshot& snapshot);
inline constexpr std::string_view timeline_header =
    "unix_s,elapsed_s,connected,disconnected,failed,connecting,planned,sent,acknowledged,"
    "failed_messages,skipped,lost,in_flight,unacknowledged,reconnects,volume_mb,cpu_share,"
    "loop_lag_ms_p99,tcp_retransmits\n";

}  // namespace stresskit::metrics
