#pragma once

#include "stresskit/metrics/histogram.hpp"
#include "stresskit/metrics/snapshot.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

namespace stresskit::verification {

/// The newest stored message of a device, as it was read.
struct Newest {
  std::size_t probe = 0;           ///< which of the devices that are asked
  std::optional<std::uint64_t> k;  ///< its burst; nothing when messages carry no number
  double due = 0;                  ///< unix seconds: the message's own time
  double seen = 0;                 ///< unix seconds: when the answer came
  double asked = 0;                ///< unix seconds: when the question went out
};

/// Makes figures of what is read. A burst counts as stored when every probe has it or a later one;
/// the time is when that was *seen*, so it is too long by up to the time between two looks.
///
/// Threads: none.
class FreshnessWatch {
 public:
  FreshnessWatch(std::size_t probes, double interval_s);

  void note(const Newest& newest);
  void note_failure(std::string why);

  /// The newest burst that was seen of a probe.
  [[nodiscard]] std::optional<std::uint64_t> newest_of(std::size_t probe) const {
    return newest_[probe].k;
  }

  [[nodiscard]] metrics::Freshness figures() const;
  /// Milliseconds from due until stored, of the bursts seen so far.
  [[nodiscard]] const std::map<std::uint64_t, double>& drains_ms() const { return drains_ms_; }

 private:
  struct Drain {
    double k = 0;
    double seconds = 0;
  };

  void note_lateness(const Newest& newest);
  [[nodiscard]] double growth() const;

  const double interval_s_;
  metrics::Freshness figures_;
  metrics::Histogram ages_;
  std::vector<Newest> newest_;  ///< by probe
  std::map<std::uint64_t, double> drains_ms_;
  std::deque<Drain> last_;
};

}  // namespace stresskit::verification
