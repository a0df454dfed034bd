#include "server_text.hpp"
#include "text.hpp"
#include "words.hpp"

#include "stresskit/report/outputs.hpp"
#include "stresskit/support/format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace stresskit::report {

namespace {

using metrics::Snapshot;
using metrics::ThresholdRow;
using Out = std::back_insert_iterator<std::string>;

constexpr std::size_t most_failures = 10;

std::string_view sign(ThresholdRow::State state) {
  return state == ThresholdRow::State::passed ? "✓ passed" : "✗ crossed";
}

void thresholds(Out out, const Snapshot& s) {
  if (s.thresholds.empty()) {
    return;
  }
  fmt::format_to(out, "| threshold | actual | |\n|---|---|---|\n");
  for (const ThresholdRow& row : s.thresholds) {
    fmt::format_to(out, "| {} | {} | {} |\n", markdown_cell(row.text), markdown_cell(row.actual),
                   sign(row.state));
  }
  fmt::format_to(out, "\n");
}

void figures(Out out, const Snapshot& s) {
  const auto& t = s.totals;
  fmt::format_to(out, "| | |\n|---|---|\n");
  fmt::format_to(out, "| messages | {} planned = {} sent + {} failed + {} skipped |\n",
                 count_text(t.planned()), count_text(t.sent()), count_text(t.failed()),
                 count_text(t.skipped()));
  if (s.qos > 0) {
    fmt::format_to(
        out, "| sent | {} acknowledged ({} of planned), {} lost, {} unacknowledged{} |\n",
        count_text(t.acknowledged()), percent(acknowledged_ratio(s)), count_text(t.lost()),
        count_text(t.unacknowledged()),
        t.in_flight() > 0 ? fmt::format(", {} in flight", count_text(t.in_flight())) : "");
    fmt::format_to(out, "| acknowledged after due | p50 {}, p99 {}, max {} ({} of {}) |\n",
                   ms(s.ack_from_due.p50), ms(s.ack_from_due.p99), ms(s.ack_from_due.max),
                   count_text(s.ack_from_due.count), count_text(s.measured.planned()));
  }
  fmt::format_to(out, "| spread | p50 {}, max {} over {} bursts |\n", ms(s.spread.p50),
                 ms(s.spread.max), count_text(s.bursts_due));
  fmt::format_to(out, "| devices | {} connected of {}, {} reconnects |\n", count_text(s.connected),
                 count_text(s.device_count), count_text(s.reconnects));
  for (const std::string& sentence : server_sentences(s)) {
    fmt::format_to(out, "| server | {} |\n", markdown_cell(sentence));
  }
  fmt::format_to(out, "| generator | late {}, slow {}, missed {} of {} bursts |\n",
                 s.generator.late_bursts, s.generator.slow_bursts, s.generator.missed_bursts,
                 s.bursts_due);
}

void stages(Out out, const Snapshot& s) {
  if (s.stages.size() < 2) {
    return;
  }
  fmt::format_to(out,
                 "\n| stage | devices | bursts | {} | ack p50 | ack p99 | spread p50 |\n"
                 "|---|---|---|---|---|---|---|\n",
                 delivered_word(s.qos));
  for (std::size_t i = 0; i < s.stages.size(); ++i) {
    const auto& row = s.stages[i];
    fmt::format_to(out, "| {} | {} | {} | {} of {} | {} | {} | {} |\n", i + 1, row.devices,
                   row.bursts_due, delivered(row.totals, s.qos), row.totals.planned(),
                   ms_or_dash(row.ack_from_due.count, row.ack_from_due.p50),
                   ms_or_dash(row.ack_from_due.count, row.ack_from_due.p99),
                   ms_or_dash(row.spread.count, row.spread.p50));
  }
}

void failures(Out out, const Snapshot& s) {
  if (s.failures.empty()) {
    return;
  }
  fmt::format_to(out, "\n| failures | stage | bucket | detail |\n|---|---|---|---|\n");
  for (std::size_t i = 0; i < std::min(most_failures, s.failures.size()); ++i) {
    const auto& [what, count] = s.failures[i];
    fmt::format_to(out, "| {} | {} | {} | {} |\n", count_text(count), fleet::to_string(what.stage),
                   fleet::to_string(what.bucket), markdown_cell(what.detail));
  }
}

}  // namespace

std::string markdown(const metrics::RunRecord& run) {
  const Snapshot& s = run.last;
  const Outcome came_to = outcome(run);
  std::string text;
  const Out out = std::back_inserter(text);
  fmt::format_to(out, "### {} {}: {}\n\n", came_to.good ? "✓" : "✗", markdown_cell(s.run_id),
                 came_to.word);
  fmt::format_to(out, "{}.\n\n", markdown_cell(came_to.sentence));
  fmt::format_to(out, "What broke: {}.\n\n", markdown_cell(broke_first_text(s)));
  thresholds(out, s);
  figures(out, s);
  stages(out, s);
  failures(out, s);
  for (const std::string& gap : run.gaps) {
    fmt::format_to(out, "\n> missing: {}\n", markdown_cell(gap));
  }
  return text;
}

}  // namespace stresskit::report
