#pragma once

#include "stresskit/metrics/histogram.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>

namespace stresskit::metrics {

/// What a run measures as histograms. Those up to `release_lateness` are figures of bursts.
enum class Metric : std::uint8_t {
  ack_from_due,
  ack_from_write,
  ack_drain,
  spread,
  release_lateness,
  connect,
  connect_tcp,
  connect_tls,
  connect_connack,
  loop_lag,
};

inline constexpr std::array all_metrics{
    Metric::ack_from_due,     Metric::ack_from_write, Metric::ack_drain,   Metric::spread,
    Metric::release_lateness, Metric::connect,        Metric::connect_tcp, Metric::connect_tls,
    Metric::connect_connack,  Metric::loop_lag,
};

/// Its name in files: "ack_from_due".
[[nodiscard]] std::string_view to_string(Metric metric);

[[nodiscard]] constexpr bool is_of_bursts(Metric metric) {
  return metric <= Metric::release_lateness;
}

/// One histogram of a run: what it measures, and of which bursts (stage 0 and no warm-up for those
/// that are not of bursts).
struct HistogramKey {
  Metric metric = Metric::ack_from_due;
  std::size_t stage = 0;
  bool warmup = false;

  friend auto operator<=>(const HistogramKey&, const HistogramKey&) = default;
};

using Histograms = std::map<HistogramKey, Histogram>;

/// All stages of `metric` together, warm-up left out.
[[nodiscard]] Histogram measured(const Histograms& histograms, Metric metric);

/// One stage of `metric`, warm-up left out.
[[nodiscard]] Histogram measured(const Histograms& histograms, Metric metric, std::size_t stage);

/// Histograms that grow, and what came on top since somebody last asked.
///
/// Threads: none; one owner.
class HistogramLog {
 public:
  /// The one to record into.
  [[nodiscard]] Histogram& operator[](const HistogramKey& key) { return news_[key]; }

  /// Adds what is new to the whole and returns it.
  Histograms fold();

  /// Everything up to the last `fold`.
  [[nodiscard]] const Histograms& whole() const { return whole_; }

 private:
  Histograms whole_;
  Histograms news_;
};

}  // namespace stresskit::metrics
