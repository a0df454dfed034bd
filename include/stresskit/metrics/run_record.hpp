#pragma once

#include "stresskit/metrics/event.hpp"
#include "stresskit/metrics/figures.hpp"
#include "stresskit/metrics/histogram.hpp"
#include "stresskit/metrics/histograms.hpp"
#include "stresskit/metrics/snapshot.hpp"
#include "stresskit/support/result.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace stresskit::metrics {

/// A row of `timeline.csv`: the run at one second.
struct TimelineRow {
  double unix_s = 0;
  double elapsed_s = 0;
  std::uint64_t connected = 0;
  std::uint64_t disconnected = 0;
  std::uint64_t failed = 0;
  std::uint64_t connecting = 0;
  Counters totals;
  std::uint64_t reconnects = 0;
  double volume_mb = 0;
  double cpu_share = 0;
  double loop_lag_ms_p99 = 0;
  std::uint64_t tcp_retransmits = 0;
};

/// A row of `freshness.csv`: a look at the newest stored message of a device.
struct FreshnessRow {
  double unix_s = 0;
  std::string device;
  std::optional<std::uint64_t> k;  ///< its burst; nothing when messages carry no number
  double age_ms = 0;
};

/// Everything that the archive of a run says: `data/runs/<run_id>/`, see docs/formats.md.
struct RunRecord {
  std::filesystem::path folder;
  /// What is missing or could not be read, in words; empty for a run that ended by itself.
  std::vector<std::string> gaps;
  bool killed = false;                                        ///< the run never wrote that it ended
  std::string version;                                        ///< of the kit that ran
  std::vector<std::pair<std::string, std::string>> settings;  ///< key and value, no secrets
  /// The run at its end, rebuilt from the rows, with *all* bursts and devices. Its ladders are made
  /// from `histograms`, its verdict anew; its thresholds are empty (room `report` judges them).
  Snapshot last;
  Histograms histograms;
  std::vector<TimelineRow> timeline;
  std::vector<Event> events;
  std::vector<FreshnessRow> freshness;
  std::vector<ServerRow> server;
};

/// Reads the archive in `folder`. Files that are missing, torn or hold rows that cannot be read
/// become `gaps`, and the rest counts. An error only when nothing can be said at all: no such
/// folder, no `config.json` that can be read, or one of a newer schema; or when a stop is
/// requested, which ends the reading with the file in hand.
[[nodiscard]] support::Result<RunRecord> read_run(const std::filesystem::path& folder,
                                                  const std::stop_token& stop = {});

/// `messages.bin`: for each burst that is settled, each device's outcome.
[[nodiscard]] support::Result<std::map<std::uint64_t, std::vector<Outcome>>> read_messages(
    const std::filesystem::path& folder);

}  // namespace stresskit::metrics
