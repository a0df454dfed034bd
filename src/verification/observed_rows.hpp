#pragma once

#include "stresskit/metrics/growing_file.hpp"
#include "stresskit/metrics/server_side.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace stresskit::verification {

/// `freshness.csv` and `server.ndjson` of a run's archive: what an observer sees, at once.
///
/// Threads: none; the observer's owns it.
class ObservedRows {
 public:
  /// Makes both. Throws support::Error(usage) when that is impossible.
  explicit ObservedRows(const std::filesystem::path& folder);

  /// The newest stored message of `device`, of burst `k` where messages say so, was `age_s` old.
  void add_age(double unix_s, const std::string& device, std::optional<std::uint64_t> k,
               double age_s);
  void add(const metrics::ServerRow& row);

  /// Whether every row of both was written.
  [[nodiscard]] bool intact() const { return ages_.intact() && figures_.intact(); }

 private:
  metrics::GrowingFile ages_;
  metrics::GrowingFile figures_;
};

}  // namespace stresskit::verification
