#include "stresskit/metrics/histograms.hpp"

#include <utility>

namespace stresskit::metrics {

std::string_view to_string(Metric metric) {
  switch (metric) {
    case Metric::ack_from_due:
      return "ack_from_due";
    case Metric::ack_from_write:
      return "ack_from_write";
    case Metric::ack_drain:
      return "ack_drain";
    case Metric::spread:
      return "spread";
    case Metric::release_lateness:
      return "release_lateness";
    case Metric::connect:
      return "connect";
    case Metric::connect_tcp:
      return "connect_tcp";
    case Metric::connect_tls:
      return "connect_tls";
    case Metric::connect_connack:
      return "connect_connack";
    case Metric::loop_lag:
      return "loop_lag";
  }
  return "unknown";
}

Histograms HistogramLog::fold() {
  for (const auto& [key, histogram] : news_) {
    whole_[key].merge(histogram);
  }
  return std::exchange(news_, {});
}

Histogram measured(const Histograms& histograms, Metric metric) {
  Histogram whole;
  for (const auto& [key, histogram] : histograms) {
    if (key.metric == metric && !key.warmup) {
      whole.merge(histogram);
    }
  }
  return whole;
}

Histogram measured(const Histograms& histograms, Metric metric, std::size_t stage) {
  const auto found = histograms.find({metric, stage, false});
  return found == histograms.end() ? Histogram() : found->second;
}

}  // namespace stresskit::metrics
