#include "stresskit/report/console.hpp"

#include "report/server_text.hpp"
#include "report/storage_text.hpp"
#include "report/words.hpp"

#include "stresskit/support/format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

namespace stresskit::report {

namespace {

using metrics::BurstRow;
using metrics::Snapshot;
using support::format_duration;

constexpr std::size_t failures_in_summary = 10;
// Clocks that are kept right by steps of milliseconds are no news.
constexpr double clock_step_that_counts_s = 1;

using Lines = std::back_insert_iterator<std::string>;

void totals(Lines out, const Snapshot& s) {
  const auto& t = s.totals;
  if (t.planned() == 0) {
    fmt::format_to(out, "messages  none was planned: no burst was due\n");
    return;
  }
  fmt::format_to(out, "messages  planned {} = sent {} + failed {} + skipped {}\n", t.planned(),
                 t.sent(), t.failed(), t.skipped());
  if (s.qos == 0) {
    fmt::format_to(out, "          QoS 0: nothing is acknowledged, sent is all that is known\n");
    return;
  }
  fmt::format_to(out, "          sent {} = acknowledged {} + lost {} + unacknowledged {}{}\n",
                 t.sent(), t.acknowledged(), t.lost(), t.unacknowledged(),
                 t.in_flight() > 0 ? fmt::format(" + in flight {}", t.in_flight()) : "");
  fmt::format_to(out, "          acknowledged: {} of planned\n", percent(acknowledged_ratio(s)));
}

void devices(Lines out, const Snapshot& s) {
  fmt::format_to(out, "devices   {}: connected {}, disconnected {}, failed {}{}\n", s.device_count,
                 s.connected, s.disconnected, s.failed,
                 s.connecting > 0 ? fmt::format(", connecting {}", s.connecting) : "");
  if (s.reconnects > 0 || !s.collapses.empty()) {
    fmt::format_to(out, "          reconnects {}, collapse: {}\n", s.reconnects, collapse(s));
  }
  if (s.connect.count > 0) {
    fmt::format_to(out, "          connect p50 {}, p99 {}, max {} ({} of {} devices)\n",
                   ms(s.connect.p50), ms(s.connect.p99), ms(s.connect.max),
                   std::min(s.connect.count, s.device_count), s.device_count);
  }
}

void timing(Lines out, const Snapshot& s) {
  fmt::format_to(out, "bursts    {} every {}", s.bursts_due,
                 format_duration(support::from_seconds(s.interval_sec)));
  if (s.warmup > 0) {
    fmt::format_to(out, " ({} of warm-up)", std::min(s.warmup, s.bursts_due));
  }
  if (s.spread.count > 0) {
    fmt::format_to(out, ": spread median {}, worst {}{}; released median {}, worst {} after due",
                   ms(s.spread.p50), ms(s.spread.max),
                   s.write_time == "written" ? "" : " (queued: when the library took it)",
                   ms(s.release_lateness.p50), ms(s.release_lateness.max));
  }
  fmt::format_to(out, "\n");
  const auto line = [&](std::string_view from, const metrics::Ladder& l) {
    fmt::format_to(out, "          {}: p50 {}, p95 {}, p99 {}, max {} ({} of {} planned)\n", from,
                   ms(l.p50), ms(l.p95), ms(l.p99), ms(l.max), l.count, s.measured.planned());
  };
  if (s.ack_from_due.count > 0) {
    line("acknowledged after due", s.ack_from_due);
    if (s.ack_from_write.count > 0) {
      line("acknowledged after the write", s.ack_from_write);
    }
  }
}

void burst_table(Lines out, const Snapshot& s) {
  // The three slowest of those still at hand, by the time their last acknowledgement took.
  std::vector<const BurstRow*> worst;
  for (const BurstRow& row : s.bursts) {
    if (row.from_due_ms) {
      worst.push_back(&row);
    }
  }
  const auto end = worst.begin() + std::min<std::ptrdiff_t>(3, std::ssize(worst));
  std::partial_sort(worst.begin(), end, worst.end(), [](const BurstRow* a, const BurstRow* b) {
    return a->from_due_ms->max > b->from_due_ms->max;
  });
  for (auto it = worst.begin(); it != end; ++it) {
    const BurstRow& row = **it;
    fmt::format_to(out,
                   "          {} burst {}: spread {}, ack p50 {}, p99 {}, max {}, "
                   "acknowledged {} of {}{}{}\n",
                   it == worst.begin() ? "worst" : "     ", row.k, ms_or_dash(row.spread_ms),
                   ms(row.from_due_ms->p50), ms(row.from_due_ms->p99), ms(row.from_due_ms->max),
                   row.counters.acknowledged(), row.counters.planned(), row.late ? " [late]" : "",
                   row.slow ? " [slow]" : "");
  }
}

void failures(Lines out, const Snapshot& s) {
  if (s.failures.empty()) {
    fmt::format_to(out, "failures  none\n");
    return;
  }
  fmt::format_to(out, "failures  {:>8}  {:<10} {:<20} detail\n", "count", "stage", "bucket");
  const std::size_t shown = std::min(failures_in_summary, s.failures.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& row = s.failures[i];
    fmt::format_to(out, "          {:>8}  {:<10} {:<20} {}\n", row.count,
                   fleet::to_string(row.failure.stage), fleet::to_string(row.failure.bucket),
                   row.failure.detail);
  }
  if (shown < s.failures.size()) {
    fmt::format_to(out, "          and {} more kinds in metrics.json\n", s.failures.size() - shown);
  }
}

/// A run of several stages shows where the knee is.
void stages(Lines out, const Snapshot& s) {
  if (s.stages.size() < 2) {
    return;
  }
  fmt::format_to(out, "stages    {:>7}  {:>6}  {:>12}  {:>10}  {:>10}  {:>10}  {:>10}\n", "devices",
                 "bursts", delivered_word(s.qos), "spread p50", "ack p50", "ack p99", "drain p99");
  for (const metrics::StageRow& row : s.stages) {
    const std::uint64_t planned = row.totals.planned();
    fmt::format_to(out, "          {:>7}  {:>6}  {:>12}  {:>10}  {:>10}  {:>10}  {:>10}\n",
                   row.devices, row.bursts_due,
                   planned == 0 ? "-"
                                : percent(static_cast<double>(delivered(row.totals, s.qos)) /
                                          static_cast<double>(planned)),
                   ms_or_dash(row.spread.count, row.spread.p50),
                   ms_or_dash(row.ack_from_due.count, row.ack_from_due.p50),
                   ms_or_dash(row.ack_from_due.count, row.ack_from_due.p99),
                   ms_or_dash(row.ack_drain.count, row.ack_drain.p99));
  }
}

void server(Lines out, const Snapshot& s) {
  std::string_view label = "server";
  for (const std::string& sentence : server_sentences(s)) {
    fmt::format_to(out, "{:<10}{}\n", std::exchange(label, ""), sentence);
  }
}

void limits(Lines out, const Snapshot& s) {
  for (const metrics::Limit& limit : s.limits) {
    fmt::format_to(out, "limit     {}: {}\n          change: {}\n", limit.name, limit.evidence,
                   limit.setting);
  }
}

/// Nobody sets the clock by accident: what carries our time is then stored under two of them.
void clock_step(Lines out, const Snapshot& s) {
  const double step = s.updated_at - s.started_at - s.elapsed_s;
  if (s.updated_at > 0 && std::abs(step) > clock_step_that_counts_s) {
    fmt::format_to(out, "          this machine's clock was set {} {} during the run\n",
                   format_duration(support::from_seconds(std::abs(step))),
                   step > 0 ? "forward" : "back");
  }
}

void generator(Lines out, const Snapshot& s) {
  const auto& g = s.generator;
  fmt::format_to(out,
                 "generator late {}, slow {}, missed {} of {} bursts; loop lag p99 {}, CPU {}\n",
                 g.late_bursts, g.slow_bursts, g.missed_bursts, s.bursts_due, ms(g.loop_lag_ms_p99),
                 percent(g.cpu_share));
  if (g.tcp_retransmits > 0) {
    fmt::format_to(out, "          {} TCP segments had to be sent again\n", g.tcp_retransmits);
  }
  clock_step(out, s);
}

}  // namespace

std::string threshold_lines(const Snapshot& s) {
  std::string text;
  for (const metrics::ThresholdRow& row : s.thresholds) {
    const bool passed = row.state == metrics::ThresholdRow::State::passed;
    text += fmt::format("{}  {}: {}\n", passed ? "passed  " : "CROSSED ", row.text, row.actual);
  }
  return text;
}

std::string metrics_line(const Snapshot& s) {
  return fmt::format(
      "[METRICS] {:.0f} s {} | connected {} disconnected {} failed {} | sent {} acknowledged {} "
      "failed packets {} | {:.2f} MB {:.2f} Mbps {:.2f} msg/s per device | spread {} ack p99 {} | "
      "collapse {} | causes: {}",
      s.elapsed_s, s.phase == metrics::Phase::none ? to_string(s.status) : to_string(s.phase),
      s.connected, s.disconnected, s.failed, s.totals.sent(), s.totals.acknowledged(),
      s.totals.failed() + s.totals.lost() + s.totals.unacknowledged(), s.volume_mb,
      s.bandwidth_mbps, s.send_rate_per_device, ms_or_dash(last_spread(s)),
      s.ack_from_due.count > 0 ? ms(s.ack_from_due.p99) : "-", collapse(s), top_causes(s));
}

std::string summary(const Snapshot& s) {
  std::string text = threshold_lines(s);
  Lines out = std::back_inserter(text);
  fmt::format_to(out, "verdict   {}\n", s.verdict.sentence);
  fmt::format_to(out, "broke     {}\n", broke_first_text(s));
  fmt::format_to(out, "run       {}: {}, engine {}\n", s.run_id,
                 format_duration(support::from_seconds(s.elapsed_s)), s.engine);
  totals(out, s);
  if (!s.balanced) {
    fmt::format_to(out, "          THE LEDGER DOES NOT ADD UP: devices and bursts disagree\n");
  }
  text += storage_lines(s);
  text += freshness_lines(s);
  server(out, s);
  devices(out, s);
  timing(out, s);
  stages(out, s);
  burst_table(out, s);
  failures(out, s);
  limits(out, s);
  generator(out, s);
  return text;
}

}  // namespace stresskit::report
