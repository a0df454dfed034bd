#include "stresskit/metrics/burst_board.hpp"

#include "metrics/whole_burst.hpp"

#include "stresskit/support/format.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace stresskit::metrics {

void BurstBoard::absorb(std::size_t worker, const std::vector<BurstTally>& tallies,
                        const std::vector<AckSample>& acks, Mono::time_point at) {
  for (const BurstTally& tally : tallies) {
    Burst& burst = open_[tally.k];
    burst.parts.resize(facts_.workers);
    burst.parts[worker] = tally;
    due_count_ = std::max(due_count_, tally.k + 1);
  }
  // Samples come in the order of time, so mostly in runs of one burst.
  for (std::size_t i = 0; i < acks.size();) {
    const std::uint64_t k = acks[i].k;
    std::size_t end = i + 1;
    while (end < acks.size() && acks[end].k == k) {
      ++end;
    }
    record(k, std::span(acks).subspan(i, end - i));
    i = end;
  }
  sweep(at);
  freeze_old();
}

void BurstBoard::record(std::uint64_t k, std::span<const AckSample> acks) {
  Burst& burst = open_[k];
  Histogram& from_due = histograms_[key_of(Metric::ack_from_due, k)];
  for (const AckSample& ack : acks) {
    from_due.record_us(ack.from_due_us);
    burst.from_due.record_us(ack.from_due_us);
  }
  if (!facts_.times_writes) {
    return;
  }
  Histogram& from_write = histograms_[key_of(Metric::ack_from_write, k)];
  for (const AckSample& ack : acks) {
    from_write.record_us(ack.from_write_us);
    burst.from_write.record_us(ack.from_write_us);
  }
}

void BurstBoard::freeze_old() {
  for (auto& [k, burst] : open_) {
    if (k + rows_kept >= due_count_) {
      return;
    }
    burst.from_due.freeze();
    burst.from_write.freeze();
  }
}

bool BurstBoard::written(const Burst& burst) {
  return !burst.parts.empty() && std::all_of(burst.parts.begin(), burst.parts.end(),
                                             [](const auto& part) { return part.has_value(); });
}

bool BurstBoard::settled(const Burst& burst) {
  return written(burst) &&
         std::all_of(burst.parts.begin(), burst.parts.end(),
                     [](const auto& part) { return part->counters.in_flight() == 0; });
}

std::size_t BurstBoard::stage_index(std::uint64_t k) const {
  return static_cast<std::size_t>(&stage_of(facts_.stages, k) - facts_.stages.data());
}

HistogramKey BurstBoard::key_of(Metric metric, std::uint64_t k) const {
  return {metric, stage_index(k), is_warmup(k)};
}

void BurstBoard::note(std::uint64_t k, Burst& burst) {
  burst.noted = true;
  const WholeBurst whole = whole_of(burst.parts);
  Sums& sums = is_warmup(k) ? warmup_ : by_stage_[stage_index(k)];
  sums.late += is_late(whole, facts_.interval) ? 1U : 0U;
  sums.slow += is_slow(whole, facts_.interval) ? 1U : 0U;
  sums.missed += whole.missed ? 1U : 0U;
  if (whole.first_write) {
    histograms_[key_of(Metric::spread, k)].record(*whole.last_write - *whole.first_write);
    histograms_[key_of(Metric::release_lateness, k)].record(*whole.released - whole.due);
  }
}

void BurstBoard::settle(std::uint64_t k, const Burst& burst, Mono::time_point at) {
  const WholeBurst whole = whole_of(burst.parts);
  (is_warmup(k) ? warmup_ : by_stage_[stage_index(k)]).settled += whole.counters;
  look_for_trouble(trouble_, k, burst, at);
  if (whole.last_acknowledged) {
    histograms_[key_of(Metric::ack_drain, k)].record(*whole.last_acknowledged - whole.due);
  }
  const std::uint64_t gave_up = whole.counters.unacknowledged();
  if (gave_up > 0 && !is_warmup(k)) {
    gave_up_from_due_.record(at - whole.due, gave_up);
    if (facts_.times_writes) {
      gave_up_from_write_.record(at - *whole.first_write, gave_up);
    }
  }
  settled_.push_back(row_of(k, burst));
  fresh_outcomes_.push_back(outcomes_of(k, burst));
  if (settled_.size() > rows_kept) {
    settled_.pop_front();
  }
}

void BurstBoard::sweep(Mono::time_point at) {
  for (auto it = open_.begin(); it != open_.end();) {
    auto& [k, burst] = *it;
    const bool is_new = !burst.noted && written(burst);
    if (is_new) {
      note(k, burst);
    }
    const bool over = settled(burst);
    if (is_new || over) {
      fresh_rows_.push_back(row_of(k, burst));
    }
    if (over) {
      settle(k, burst, at);
      it = open_.erase(it);
    } else {
      ++it;
    }
  }
}

void BurstBoard::look_for_trouble(Trouble& trouble, std::uint64_t k, const Burst& burst,
                                  Mono::time_point now) const {
  const WholeBurst whole = whole_of(burst.parts);
  const auto earlier = [k](std::optional<std::uint64_t>& first) {
    first = std::min(first.value_or(k), k);
  };
  if (is_refused(whole)) {
    earlier(trouble.refused_from);
  }
  if (whole.counters.lost() > 0) {
    earlier(trouble.lost_from);
  }
  if (whole.counters.unacknowledged() > 0) {
    earlier(trouble.unanswered_from);
  }
  const bool ours =
      whole.missed || is_late(whole, facts_.interval) || is_slow(whole, facts_.interval);
  if (!is_warmup(k) && ours) {
    earlier(trouble.ours_from);
  }
  if (!is_warmup(k) && is_behind(whole, facts_.interval, now)) {
    earlier(trouble.behind_from);
    ++trouble.behind;
  }
}

BurstBoard::Row BurstBoard::row_of(std::uint64_t k, const Burst& burst) const {
  const WholeBurst whole = whole_of(burst.parts);
  Row row{whole.due, metrics::row_of(whole, facts_.interval)};
  row.figures.k = k;
  row.figures.stage = stage_index(k);
  row.figures.warmup = is_warmup(k);
  row.figures.from_due_ms = burst.from_due.ladder();
  row.figures.from_write_ms = burst.from_write.ladder();
  if (settled(burst) && whole.last_acknowledged) {
    row.figures.ack_drain_ms = support::to_ms(*whole.last_acknowledged - whole.due);
  }
  return row;
}

/// The workers' devices follow each other in the fleet.
BurstOutcomes BurstBoard::outcomes_of(std::uint64_t k, const Burst& burst) {
  BurstOutcomes all{k, {}};
  for (const auto& part : burst.parts) {
    all.outcomes.insert(all.outcomes.end(), part->outcomes.begin(), part->outcomes.end());
  }
  return all;
}

std::vector<BurstRow> BurstBoard::rows(const UnixTime& unix_time) const {
  std::vector<Row> all(settled_.begin(), settled_.end());
  for (const auto& [k, burst] : open_) {
    all.push_back(row_of(k, burst));
  }
  std::sort(all.begin(), all.end(),
            [](const Row& a, const Row& b) { return a.figures.k < b.figures.k; });
  const std::size_t first = all.size() > rows_kept ? all.size() - rows_kept : 0;
  std::vector<BurstRow> rows;
  rows.reserve(all.size() - first);
  for (std::size_t i = first; i < all.size(); ++i) {
    rows.push_back(all[i].figures);
    rows.back().due = unix_time(all[i].due);
  }
  return rows;
}

void BurstBoard::take_news(News& news, const UnixTime& unix_time) {
  for (const Row& row : fresh_rows_) {
    news.bursts.push_back(row.figures);
    news.bursts.back().due = unix_time(row.due);
  }
  fresh_rows_.clear();
  std::move(fresh_outcomes_.begin(), fresh_outcomes_.end(), std::back_inserter(news.outcomes));
  fresh_outcomes_.clear();
  news.histograms.merge(histograms_.fold());
}

Counters BurstBoard::totals() const {
  Counters totals = warmup_.settled;
  for (const auto& [stage, sums] : by_stage_) {
    totals += sums.settled;
  }
  for (const auto& [k, burst] : open_) {
    totals += whole_of(burst.parts).counters;
  }
  return totals;
}

void BurstBoard::fill(Snapshot& s, Mono::time_point now) const {
  const Histograms& whole = histograms_.whole();
  s.ack_from_due = ladder(measured(whole, Metric::ack_from_due));
  s.ack_from_write = ladder(measured(whole, Metric::ack_from_write));
  s.ack_drain = ladder(measured(whole, Metric::ack_drain));
  s.spread = ladder(measured(whole, Metric::spread));
  s.release_lateness = ladder(measured(whole, Metric::release_lateness));
  s.bursts_due = due_count_;
  s.warmup = facts_.warmup;
  s.stages = stage_rows();
  for (const auto& [stage, sums] : by_stage_) {
    s.measured += sums.settled;
    s.generator.late_bursts += sums.late;
    s.generator.slow_bursts += sums.slow;
    s.generator.missed_bursts += sums.missed;
  }
  Trouble trouble = trouble_;
  for (const auto& [k, burst] : open_) {
    look_for_trouble(trouble, k, burst, now);
    if (!is_warmup(k)) {
      s.measured += whole_of(burst.parts).counters;
    }
  }
  s.behind_from = trouble.behind_from;
  s.behind_bursts = trouble.behind;
  s.refused_from = trouble.refused_from;
  s.lost_from = trouble.lost_from;
  s.unanswered_from = trouble.unanswered_from;
  s.our_trouble_from = trouble.ours_from;
  fill_with_open(s, now);
}

void BurstBoard::fill_buckets(Snapshot& s) const {
  for (const Metric metric : all_metrics) {
    if (is_of_bursts(metric)) {
      s.histogram_buckets[std::string(to_string(metric))] =
          bucket_row(measured(histograms_.whole(), metric));
    }
  }
}

void BurstBoard::fill_with_open(Snapshot& s, Mono::time_point now) const {
  Histogram from_due = measured(histograms_.whole(), Metric::ack_from_due);
  Histogram from_write = measured(histograms_.whole(), Metric::ack_from_write);
  from_due.merge(gave_up_from_due_);
  from_write.merge(gave_up_from_write_);
  for (const auto& [k, burst] : open_) {
    const WholeBurst whole = whole_of(burst.parts);
    const std::uint64_t open = whole.counters.in_flight();
    if (open > 0 && !is_warmup(k)) {
      from_due.record(now - whole.due, open);
      if (facts_.times_writes) {
        from_write.record(now - *whole.first_write, open);
      }
    }
  }
  s.ack_from_due_with_open = ladder(from_due);
  s.ack_from_write_with_open = ladder(from_write);
}

std::vector<StageRow> BurstBoard::stage_rows() const {
  std::vector<StageRow> rows;
  for (std::size_t i = 0; i < facts_.stages.size(); ++i) {
    const Stage& stage = facts_.stages[i];
    const std::uint64_t end =
        i + 1 < facts_.stages.size() ? facts_.stages[i + 1].first_burst : UINT64_MAX;
    StageRow row;
    row.devices = stage.devices;
    row.first_burst = stage.first_burst;
    row.bursts_due = std::min(end, std::max(due_count_, stage.first_burst)) - stage.first_burst;
    const auto sums = by_stage_.find(i);
    row.totals = sums == by_stage_.end() ? Counters{} : sums->second.settled;
    const Histograms& whole = histograms_.whole();
    row.ack_from_due = ladder(measured(whole, Metric::ack_from_due, i));
    row.spread = ladder(measured(whole, Metric::spread, i));
    row.ack_drain = ladder(measured(whole, Metric::ack_drain, i));
    rows.push_back(row);
  }
  for (const auto& [k, burst] : open_) {
    if (!is_warmup(k)) {
      rows[stage_index(k)].totals += whole_of(burst.parts).counters;
    }
  }
  return rows;
}

}  // namespace stresskit::metrics
