#include "rebuild.hpp"

#include "stresskit/metrics/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace stresskit::metrics {

namespace {

/// Sums of the rows, for the whole and for each stage.
Counters sum_bursts(Snapshot& last) {
  Counters all;
  for (const BurstRow& row : last.bursts) {
    all += row.counters;
    StageRow& stage = last.stages[row.stage];
    ++stage.bursts_due;
    if (!row.warmup) {
      last.measured += row.counters;
      stage.totals += row.counters;
    }
  }
  return all;
}

/// The ladder of the rows; where there are none, what the summary says stays.
void take_ladder(const Histograms& histograms, Metric metric, Ladder& into) {
  if (const Histogram whole = measured(histograms, metric); whole.count() > 0) {
    into = ladder(whole);
  }
}

/// With every message that never got its PUBACK, at the age it had at the end.
void ladders_with_open(const RunRecord& record, Snapshot& last) {
  Histogram from_due = measured(record.histograms, Metric::ack_from_due);
  Histogram from_write = measured(record.histograms, Metric::ack_from_write);
  const double end = last.started_at + last.elapsed_s;
  for (const BurstRow& row : last.bursts) {
    const std::uint64_t open = row.counters.in_flight() + row.counters.unacknowledged();
    if (row.warmup || open == 0) {
      continue;
    }
    const double age_ms = std::clamp((end - row.due) * 1e3, 0.0, 3.6e6);
    from_due.record_us(static_cast<std::int64_t>(age_ms * 1e3), open);
    if (last.write_time == "written") {
      const double written_ms = std::clamp(row.release_lateness_ms.value_or(0), 0.0, age_ms);
      from_write.record_us(static_cast<std::int64_t>((age_ms - written_ms) * 1e3), open);
    }
  }
  last.ack_from_due_with_open = ladder(from_due);
  last.ack_from_write_with_open = ladder(from_write);
}

void take_ladders(const RunRecord& record, Snapshot& last) {
  for (const auto& [metric, into] :
       {std::pair{Metric::ack_from_due, &last.ack_from_due},
        std::pair{Metric::ack_from_write, &last.ack_from_write},
        std::pair{Metric::ack_drain, &last.ack_drain}, std::pair{Metric::spread, &last.spread},
        std::pair{Metric::release_lateness, &last.release_lateness},
        std::pair{Metric::connect, &last.connect},
        std::pair{Metric::connect_tcp, &last.connect_tcp},
        std::pair{Metric::connect_tls, &last.connect_tls},
        std::pair{Metric::connect_connack, &last.connect_connack}}) {
    take_ladder(record.histograms, metric, *into);
  }
  if (last.ack_from_due_with_open.count == 0) {  // else the run has said it itself
    ladders_with_open(record, last);
  }
  for (std::size_t i = 0; i < last.stages.size(); ++i) {
    StageRow& stage = last.stages[i];
    stage.ack_from_due = ladder(measured(record.histograms, Metric::ack_from_due, i));
    stage.spread = ladder(measured(record.histograms, Metric::spread, i));
    stage.ack_drain = ladder(measured(record.histograms, Metric::ack_drain, i));
  }
}

/// The fleet, volume and health as of the last second that is known.
void take_last_second(const RunRecord& record, Snapshot& last) {
  if (record.timeline.empty()) {
    return;
  }
  const TimelineRow& row = record.timeline.back();
  last.elapsed_s = row.elapsed_s;
  last.updated_at = row.unix_s;
  last.connected = row.connected;
  last.disconnected = row.disconnected;
  last.failed = row.failed;
  last.connecting = row.connecting;
  last.reconnects = row.reconnects;
  last.volume_mb = row.volume_mb;
  last.generator.cpu_share = row.cpu_share;
  last.generator.tcp_retransmits = row.tcp_retransmits;
}

void take_events(const RunRecord& record, Snapshot& last) {
  std::map<std::tuple<fleet::Stage, fleet::Bucket, std::string>, std::uint64_t> failures;
  for (const Event& event : record.events) {
    if (event.type == Event::Type::failure) {
      const fleet::Failure& what = *event.failure;
      failures[{what.stage, what.bucket, what.detail}] = event.count;
    } else if (event.type == Event::Type::collapse) {
      last.collapses.push_back({event.since_due_s, std::nullopt});
    } else if (event.type == Event::Type::recovery && !last.collapses.empty()) {
      last.collapses.back().recovered_at_s = event.since_due_s;
    }
  }
  for (const auto& [what, count] : failures) {
    const auto& [stage, bucket, detail] = what;
    last.failures.push_back({{stage, bucket, detail, std::nullopt}, count});
  }
  std::stable_sort(last.failures.begin(), last.failures.end(),
                   [](const auto& a, const auto& b) { return a.count > b.count; });
}

void take_marks(const RunRecord& record, Snapshot& last) {
  for (const BurstRow& row : last.bursts) {
    if (row.warmup) {
      continue;
    }
    last.generator.late_bursts += row.late ? 1 : 0;
    last.generator.slow_bursts += row.slow ? 1 : 0;
    last.generator.missed_bursts += row.missed ? 1 : 0;
  }
  const Ladder lag = ladder(measured(record.histograms, Metric::loop_lag));
  last.generator.loop_lag_ms_p99 = lag.p99;
  last.generator.loop_lags = lag.count;
  last.generator.was_bottleneck =
      was_bottleneck(last.generator, last.bursts_due - std::min(last.bursts_due, last.warmup));
}

/// The bursts whose acknowledgements came, or were still missing, after the next one was due.
void take_behind(Snapshot& last) {
  const double end = last.started_at + last.elapsed_s;
  for (const BurstRow& row : last.bursts) {
    const std::uint64_t open = row.counters.in_flight() + row.counters.unacknowledged();
    const bool missing = open > 0 && end - row.due > last.interval_sec;
    const bool came_late = row.ack_drain_ms.value_or(0) > last.interval_sec * 1e3;
    if (!row.warmup && (came_late || missing)) {
      last.behind_from = last.behind_from.value_or(row.k);
      ++last.behind_bursts;
    }
  }
}

/// Since when there was trouble, where the summary does not say it.
void take_trouble(Snapshot& last) {
  for (const BurstRow& row : last.bursts) {
    const bool refused = row.counters.failed() + row.counters.lost() + row.not_connected > 0;
    if (refused && !last.refused_from) {
      last.refused_from = row.k;
    }
    if (row.counters.lost() > 0 && !last.lost_from) {
      last.lost_from = row.k;
    }
    if (row.counters.unacknowledged() > 0 && !last.unanswered_from) {
      last.unanswered_from = row.k;
    }
    if ((row.late || row.slow || row.missed) && !row.warmup && !last.our_trouble_from) {
      last.our_trouble_from = row.k;
    }
  }
}

/// What the last rows say, in place of a summary.
void stand_in_for_summary(const RunRecord& record, const Counters& all, Snapshot& last) {
  last.status = Status::running;
  last.phase = last.bursts.empty() ? Phase::connecting : Phase::bursting;
  last.totals = all;
  last.bursts_due = last.bursts.empty() ? 0 : last.bursts.back().k + 1;
  take_last_second(record, last);
  take_events(record, last);
  take_marks(record, last);
  take_behind(last);
}

void compare_with_rows(const Counters& all, RunRecord& record) {
  if (!record.killed && all.planned() != record.last.totals.planned()) {
    record.gaps.push_back(fmt::format("bursts.ndjson holds {} of {} planned messages",
                                      all.planned(), record.last.totals.planned()));
  }
  std::uint64_t values = 0;
  for (const auto& [key, histogram] : record.histograms) {
    values += key.metric == Metric::ack_from_due ? histogram.count() : 0;
  }
  if (values < record.last.totals.acknowledged()) {
    record.gaps.push_back(fmt::format("histograms.ndjson holds {} of {} acknowledgements", values,
                                      record.last.totals.acknowledged()));
  }
}

}  // namespace

void rebuild(RunRecord& record) {
  Snapshot& last = record.last;
  const Counters all = sum_bursts(last);
  if (record.killed) {
    stand_in_for_summary(record, all, last);
  }
  take_trouble(last);
  take_ladders(record, last);
  compare_with_rows(all, record);
  conclude(last);
  if (record.killed) {
    last.verdict.sentence = "of a run that never ended: " + last.verdict.sentence;
  }
}

}  // namespace stresskit::metrics
