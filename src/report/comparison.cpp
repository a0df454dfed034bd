#include "stresskit/report/comparison.hpp"

#include "stresskit/metrics/snapshot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <random>

namespace stresskit::report {

namespace {

using Judgement = ComparedFigure::Judgement;
using metrics::BurstRow;
using metrics::RunRecord;

constexpr std::size_t fewest_bursts = 5;
constexpr std::size_t resamples = 1'000;

double median(std::vector<double>& sample) {
  const auto middle = sample.begin() + static_cast<std::ptrdiff_t>(sample.size() / 2);
  std::nth_element(sample.begin(), middle, sample.end());
  return *middle;
}

double mean(std::vector<double>& sample) {
  return std::accumulate(sample.begin(), sample.end(), 0.0) / static_cast<double>(sample.size());
}

/// A sample of the same size, put together from blocks of neighbours.
void resample(const std::vector<double>& from, std::mt19937_64& random, std::vector<double>& into) {
  const auto block = static_cast<std::size_t>(
      std::max(1.0, std::round(std::cbrt(static_cast<double>(from.size())))));
  into.clear();
  while (into.size() < from.size()) {
    // Not a distribution of the library: those differ from one to the next.
    const std::size_t first = random() % (from.size() - block + 1);
    for (std::size_t i = 0; i < block && into.size() < from.size(); ++i) {
      into.push_back(from[first + i]);
    }
  }
}

/// What is compared: a figure of each burst, and what becomes of them.
struct Subject {
  std::string_view name;
  bool is_ratio;
  std::optional<double> (*value)(const BurstRow& row, int qos);
  double (*statistic)(std::vector<double>& sample);
};

std::optional<double> acknowledged_share(const BurstRow& row, int qos) {
  const auto& c = row.counters;
  if (c.planned() == 0 || c.in_flight() > 0) {
    return std::nullopt;
  }
  return static_cast<double>(delivered(c, qos)) / static_cast<double>(c.planned());
}

constexpr Subject subjects[] = {
    // Losses come in lumps, so their share counts by its mean; times by their median, which one bad
    // burst does not move.
    {"acknowledged", true, acknowledged_share, mean},
    {"ack p50", false,
     [](const BurstRow& row, int) {
       return row.from_due_ms ? std::optional(row.from_due_ms->p50) : std::nullopt;
     },
     median},
    {"ack p99", false,
     [](const BurstRow& row, int) {
       return row.from_due_ms ? std::optional(row.from_due_ms->p99) : std::nullopt;
     },
     median},
    {"drain", false, [](const BurstRow& row, int) { return row.ack_drain_ms; }, median},
    {"spread", false, [](const BurstRow& row, int) { return row.spread_ms; }, median},
};

std::vector<double> sample_of(const RunRecord& run, const Subject& subject) {
  std::vector<double> sample;
  for (const BurstRow& row : run.last.bursts) {
    const auto value = row.warmup ? std::nullopt : subject.value(row, run.last.qos);
    if (value) {
      sample.push_back(*value);
    }
  }
  return sample;
}

Judgement judge(const ComparedFigure& figure) {
  const double difference = std::abs(figure.b - figure.a);
  const bool worth_it =
      figure.is_ratio ? difference > 0.001 : difference > std::max(0.05 * figure.a, 0.05);
  const bool above = figure.difference.low > 0;
  const bool below = figure.difference.high < 0;
  if (!worth_it || (!above && !below)) {
    return Judgement::same;
  }
  return above == figure.is_ratio ? Judgement::better : Judgement::worse;
}

ComparedFigure compared(const Subject& subject, const RunRecord& a, const RunRecord& b) {
  std::vector<double> in_a = sample_of(a, subject);
  std::vector<double> in_b = sample_of(b, subject);
  ComparedFigure figure;
  figure.name = subject.name;
  figure.is_ratio = subject.is_ratio;
  figure.bursts_a = in_a.size();
  figure.bursts_b = in_b.size();
  if (std::min(in_a.size(), in_b.size()) < fewest_bursts) {
    return figure;
  }
  figure.difference = bootstrap_difference(in_a, in_b, subject.statistic);
  figure.a = subject.statistic(in_a);
  figure.b = subject.statistic(in_b);
  figure.judgement = judge(figure);
  return figure;
}

std::vector<std::array<std::string, 3>> different_settings(const RunRecord& a, const RunRecord& b) {
  std::map<std::string, std::array<std::string, 3>> all;
  for (const auto& [key, value] : a.settings) {
    all[key] = {key, value, "-"};
  }
  for (const auto& [key, value] : b.settings) {
    auto& row = all.try_emplace(key, std::array<std::string, 3>{key, "-", "-"}).first->second;
    row[2] = value;
  }
  std::vector<std::array<std::string, 3>> different;
  for (const auto& [key, row] : all) {
    if (row[1] != row[2]) {
      different.push_back(row);
    }
  }
  return different;
}

void note_weaknesses(const RunRecord& run, std::vector<std::string>& notes) {
  if (run.last.generator.was_bottleneck) {
    notes.push_back(
        fmt::format("in {} the generator was the bottleneck: it says nothing about the "
                    "server",
                    run.last.run_id));
  }
  for (const std::string& gap : run.gaps) {
    notes.push_back(fmt::format("{}: {}", run.last.run_id, gap));
  }
}

}  // namespace

Interval bootstrap_difference(const std::vector<double>& a, const std::vector<double>& b,
                              const Statistic& statistic) {
  std::mt19937_64 random(20'261'124);  // any fixed number
  std::vector<double> differences;
  std::vector<double> from_a;
  std::vector<double> from_b;
  for (std::size_t i = 0; i < resamples; ++i) {
    resample(a, random, from_a);
    resample(b, random, from_b);
    differences.push_back(statistic(from_b) - statistic(from_a));
  }
  std::sort(differences.begin(), differences.end());
  constexpr std::size_t tail = resamples / 200;  // 0.5 % on each side
  return {differences[tail], differences[resamples - 1 - tail]};
}

bool Comparison::comparable() const {
  return std::none_of(figures.begin(), figures.end(), [](const ComparedFigure& figure) {
    return figure.name == subjects[0].name && figure.judgement == Judgement::too_few;
  });
}

bool Comparison::worse() const {
  return std::any_of(figures.begin(), figures.end(), [](const ComparedFigure& figure) {
    return figure.judgement == Judgement::worse;
  });
}

Comparison compare(const RunRecord& a, const RunRecord& b) {
  Comparison result{a.last.run_id, b.last.run_id, {}, different_settings(a, b), {}};
  for (const Subject& subject : subjects) {
    result.figures.push_back(compared(subject, a, b));
  }
  note_weaknesses(a, result.notes);
  note_weaknesses(b, result.notes);
  return result;
}

std::string_view to_string(Judgement judgement) {
  switch (judgement) {
    case Judgement::same:
      return "same";
    case Judgement::better:
      return "better";
    case Judgement::worse:
      return "worse";
    case Judgement::too_few:
      return "too few bursts";
  }
  return "unknown";
}

}  // namespace stresskit::report
