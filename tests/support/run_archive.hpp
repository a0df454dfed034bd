#pragma once

#include "stresskit/metrics/run_record.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace stresskit::test {

/// A run as a test wants it: what each device's message came to in each burst. Everything in the
/// archive follows from that.
struct MadeRun {
  struct Stage {
    std::uint64_t devices = 0;
    std::uint64_t first_burst = 0;
  };

  std::string run_id = "20261123T101500Z-4f2a";
  double started_at = 1'764'000'000;
  std::uint64_t devices = 4;
  std::uint64_t bursts = 5;
  double interval_sec = 1;
  std::uint64_t warmup = 0;
  int qos = 1;
  std::vector<Stage> stages;  ///< empty: one with everybody
  std::function<std::string(std::uint64_t)> name = [](std::uint64_t i) {
    return "sim-" + std::to_string(1'001 + i).substr(1);
  };
  /// By burst and device; `acknowledged` after `ack_us`.
  std::function<metrics::Outcome(std::uint64_t, std::uint64_t)> outcome =
      [](std::uint64_t, std::uint64_t) { return metrics::Outcome::acknowledged; };
  std::function<std::uint32_t(std::uint64_t, std::uint64_t)> ack_us = [](std::uint64_t k,
                                                                         std::uint64_t i) {
    return static_cast<std::uint32_t>(2'000 + 10 * (i % 500) + k % 7);
  };
  std::function<std::uint32_t(std::uint64_t)> spread_us = [](std::uint64_t k) {
    return static_cast<std::uint32_t>(800 + k % 5);
  };
  std::vector<metrics::FailureCount> failures;
  std::vector<metrics::CollapseRow> collapses;
  std::vector<std::pair<std::string, std::string>> settings = {{"MQTT_HOST", "127.0.0.1"},
                                                               {"DEVICE_COUNT", "4"}};
  bool killed = false;  ///< no devices.csv, no summary.json
};

/// Writes the archive of the run as docs/formats.md describes it into `runs`/run_id, which it
/// returns. Written without the kit's own writer, so that the reader is tested by the page.
std::filesystem::path write_archive(const std::filesystem::path& runs, const MadeRun& run);

}  // namespace stresskit::test
