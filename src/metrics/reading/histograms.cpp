#include "files.hpp"

#include <algorithm>

namespace stresskit::metrics {

namespace {

struct Sum {
  std::vector<std::uint64_t> buckets;
  std::int64_t max_us = 0;
  double sum_us = 0;
};

std::optional<Metric> metric_from(std::string_view name) {
  const auto found = std::find_if(all_metrics.begin(), all_metrics.end(),
                                  [&](Metric metric) { return to_string(metric) == name; });
  return found == all_metrics.end() ? std::nullopt : std::optional(*found);
}

/// The pairs of a row, or nothing when they lead beyond the last bucket.
std::optional<std::vector<std::pair<std::size_t, std::uint64_t>>> pairs(const Json& json) {
  if (!json.is_array() || json.size() % 2 != 0) {
    return std::nullopt;
  }
  std::vector<std::pair<std::size_t, std::uint64_t>> result;
  std::uint64_t index = 0;
  for (std::size_t i = 0; i < json.size(); i += 2) {
    if (!json[i].is_number_unsigned() || !json[i + 1].is_number_unsigned()) {
      return std::nullopt;
    }
    const auto step = json[i].get<std::uint64_t>();
    if (step > Histogram::most_buckets || index + step >= Histogram::most_buckets) {
      return std::nullopt;
    }
    index += step;
    result.emplace_back(index, json[i + 1].get<std::uint64_t>());
  }
  return result;
}

bool add_row(const Json& json, std::map<HistogramKey, Sum>& sums) {
  const auto metric = metric_from(word(json, "metric").value_or(""));
  const auto counts = pairs(member(json, "counts"));
  const auto max_us = whole(json, "max_us");
  const auto sum_us = number(json, "sum_us");
  const bool possible =
      max_us && *max_us <= std::uint64_t{Histogram::longest_us} && sum_us && *sum_us >= 0;
  if (!metric || !counts || !possible) {
    return false;
  }
  Sum& sum = sums[{*metric, static_cast<std::size_t>(whole(json, "stage").value_or(0)),
                   yes(json, "warmup")}];
  for (const auto& [index, count] : *counts) {
    if (index >= sum.buckets.size()) {
      sum.buckets.resize(index + 1);
    }
    sum.buckets[index] += count;
  }
  sum.max_us = std::max(sum.max_us, static_cast<std::int64_t>(*max_us));
  sum.sum_us += *sum_us;
  return true;
}

}  // namespace

void read_histograms(RunRecord& record) {
  std::map<HistogramKey, Sum> sums;
  for_each_row(record.folder / "histograms.ndjson", record.gaps, [&](std::string_view text) {
    const auto json = parse_object(text);
    return json && add_row(*json, sums);
  });
  for (auto& [key, sum] : sums) {
    if (auto histogram = Histogram::from_buckets(std::move(sum.buckets), sum.max_us, sum.sum_us)) {
      record.histograms.emplace(key, std::move(*histogram));
    } else {
      record.gaps.push_back("histograms.ndjson: the rows of " + std::string(to_string(key.metric)) +
                            " make no histogram");
    }
  }
}

}  // namespace stresskit::metrics
