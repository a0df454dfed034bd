#pragma once

#include "stresskit/metrics/snapshot.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace stresskit::test {

/// A run with a clock of its own and a server that is a few lines: worker, ledger, collector and
/// files as in a real one, all on the calling thread, so that an hour takes seconds.
struct SimulatedRun {
  std::filesystem::path data;  ///< the data directory
  std::string run_id = "simulated";
  std::size_t devices = 500;
  std::uint64_t bursts = 3'600;  ///< one a second
  /// Called after every snapshot, which are a second apart, with the real time that building and
  /// writing it took.
  std::function<void(const metrics::Snapshot&, std::chrono::nanoseconds)> watch{};

  /// Acknowledgements take some 5 ms, log-normally; one in 10,000 messages is never answered.
  [[nodiscard]] metrics::Snapshot run() const;
};

}  // namespace stresskit::test
