#include "sections.hpp"

#include "report/server_text.hpp"
#include "report/text.hpp"
#include "report/words.hpp"
#include "table.hpp"

#include "stresskit/report/outputs.hpp"
#include "stresskit/support/format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace stresskit::report {

namespace {

using metrics::Ladder;
using metrics::Snapshot;
using metrics::ThresholdRow;

constexpr std::size_t most_devices = 25;

std::string tile(std::string_view name, const std::string& value, const std::string& note) {
  return fmt::format("<div><dt>{}</dt><dd>{}</dd><small>{}</small></div>", name, value, note);
}

/// A rung of a ladder that may be empty.
std::string rung(const Ladder& ladder, double Ladder::*value) {
  return ladder.count > 0 ? ms(ladder.*value) : "-";
}

std::string capitalised(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') {
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  }
  return text;
}

std::string seconds_text(double seconds) {
  return support::format_duration(support::from_seconds(seconds));
}

}  // namespace

std::string verdict_section(const metrics::RunRecord& run) {
  const Outcome came_to = outcome(run);
  using metrics::VerdictKind;
  const VerdictKind kind = run.last.verdict.kind;
  const bool unclear =
      !came_to.good && (kind == VerdictKind::generator || kind == VerdictKind::nothing ||
                        kind == VerdictKind::unanswered);
  const bool trouble = came_to.good && kind != VerdictKind::kept_up;
  const std::string_view tone = unclear || trouble ? "warn" : came_to.good ? "good" : "bad";
  const std::string_view sign = tone == "good" ? "✓" : tone == "warn" ? "!" : "✗";
  return fmt::format(
      "<section class=\"verdict {}\"><b>{} {}</b><p>{}.</p><p class=\"broke\">What broke: {}."
      "</p></section>\n",
      tone, sign, capitalised(came_to.word), escaped(capitalised(came_to.sentence)),
      escaped(broke_first_text(run.last)));
}

std::string gaps_section(const metrics::RunRecord& run) {
  if (run.gaps.empty()) {
    return "";
  }
  std::string text = "<section class=\"gaps\"><b>! Parts of this run are missing</b><ul>";
  for (const std::string& gap : run.gaps) {
    text += fmt::format("<li>{}</li>", escaped(gap));
  }
  return text + "</ul></section>\n";
}

std::string tiles_section(const Snapshot& s) {
  const auto& t = s.totals;
  std::string text = "<dl class=\"tiles\">";
  if (s.qos > 0) {
    text += tile(
        "acknowledged", t.planned() > 0 ? percent(acknowledged_ratio(s)) : "-",
        fmt::format("{} of {} planned", count_text(t.acknowledged()), count_text(t.planned())));
    text += tile("after due, p99", rung(s.ack_from_due, &Ladder::p99),
                 fmt::format("p50 {}, max {}", rung(s.ack_from_due, &Ladder::p50),
                             rung(s.ack_from_due, &Ladder::max)));
    text +=
        tile("lost", count_text(t.lost() + t.unacknowledged()),
             fmt::format("{} failed, {} skipped", count_text(t.failed()), count_text(t.skipped())));
  } else {
    text +=
        tile("sent", t.planned() > 0 ? percent(acknowledged_ratio(s)) : "-",
             fmt::format("{} of {} planned, QoS 0", count_text(t.sent()), count_text(t.planned())));
  }
  text += tile("spread, median", rung(s.spread, &Ladder::p50),
               fmt::format("worst {}{}", rung(s.spread, &Ladder::max),
                           s.write_time == "written" ? "" : ", queued"));
  text += tile(
      "connected", count_text(s.connected),
      fmt::format("of {}, {} reconnects", count_text(s.device_count), count_text(s.reconnects)));
  text += tile("bursts", count_text(s.bursts_due),
               fmt::format("every {}", seconds_text(s.interval_sec)));
  return text + "</dl>\n";
}

std::string thresholds_section(const Snapshot& s) {
  if (s.thresholds.empty()) {
    return "";
  }
  std::string rows;
  for (const ThresholdRow& row : s.thresholds) {
    const bool passed = row.state == ThresholdRow::State::passed;
    rows += fmt::format("<tr><th><code>{}</code></th>{}<td class=\"state {}\">{} {}</td></tr>",
                        escaped(row.text), number_cell(escaped(row.actual)),
                        passed ? "good" : "bad", passed ? "✓" : "✗",
                        row.state == ThresholdRow::State::no_data ? "no data: counts as crossed"
                                                                  : to_string(row.state));
  }
  return table("Thresholds", "<th>threshold</th><th class=\"n\">actual</th><th></th>", rows);
}

std::string ledger_section(const Snapshot& s) {
  const auto& t = s.totals;
  std::string rows;
  const auto row = [&](std::string_view name, std::uint64_t count, std::string_view what) {
    rows += fmt::format("<tr><th>{}</th>{}<td class=\"detail\">{}</td></tr>", name,
                        number_cell(count_text(count)), what);
  };
  row("planned", t.planned(), "= attempted + skipped");
  row("skipped", t.skipped(), "due, but not tried: not connected, too many open, burst missed");
  row("attempted", t.attempted(), "= sent + failed");
  row("failed", t.failed(), "could not be handed over");
  row("sent", t.sent(),
      s.qos == 0 ? "final: QoS 0 has no acknowledgements"
                 : "= acknowledged + lost + unacknowledged + in flight");
  if (s.qos > 0) {
    row("acknowledged", t.acknowledged(), "got its PUBACK: the server's queue has it");
    row("lost", t.lost(), "a PUBACK refused it, or the connection ended before");
    row("unacknowledged", t.unacknowledged(), "still open when the run ended");
    row("in flight", t.in_flight(), t.in_flight() > 0 ? "open when the rows end" : "none left");
  }
  if (s.storage.state != metrics::Storage::State::off) {
    row("stored", s.storage.stored, "read back over REST");
    row("missing_acknowledged", s.storage.missing_acknowledged,
        "acknowledged and not stored: the server lost them");
    row("stored_unacknowledged", s.storage.stored_unacknowledged,
        "stored, though no acknowledgement came");
    row("unverified", s.storage.unverified, "of devices that are deleted or could not be read");
  }
  return table("Every message ends in one counter",
               "<th>counter</th><th class=\"n\">messages</th><th></th>", rows);
}

std::string stages_section(const Snapshot& s) {
  if (s.stages.size() < 2) {
    return "";
  }
  std::string rows;
  for (std::size_t i = 0; i < s.stages.size(); ++i) {
    const metrics::StageRow& row = s.stages[i];
    const auto cells = {count_text(row.devices),
                        count_text(row.bursts_due),
                        count_text(row.totals.planned()),
                        count_text(delivered(row.totals, s.qos)),
                        rung(row.ack_from_due, &Ladder::p50),
                        rung(row.ack_from_due, &Ladder::p99),
                        rung(row.ack_from_due, &Ladder::max),
                        rung(row.spread, &Ladder::p50),
                        rung(row.ack_drain, &Ladder::p99)};
    rows += fmt::format("<tr><th>{}, from burst {}</th>", i + 1, row.first_burst);
    for (const std::string& cell : cells) {
      rows += number_cell(cell);
    }
    rows += "</tr>";
  }
  return table(
      "Stages",
      fmt::format("<th>stage</th><th class=\"n\">devices</th><th class=\"n\">bursts</th><th "
                  "class=\"n\">planned</th><th class=\"n\">{}</th><th class=\"n\">ack p50</th><th "
                  "class=\"n\">ack p99</th><th class=\"n\">ack max</th><th class=\"n\">spread "
                  "p50</th><th class=\"n\">drain p99</th>",
                  delivered_word(s.qos)),
      rows);
}

std::string ladders_section(const Snapshot& s) {
  std::string rows;
  for (const auto& [name, ladder] :
       {std::pair{"acknowledged after due", &s.ack_from_due},
        std::pair{"acknowledged after the write", &s.ack_from_write},
        std::pair{"burst drained after due", &s.ack_drain}, std::pair{"spread", &s.spread},
        std::pair{"released after due", &s.release_lateness}, std::pair{"connect", &s.connect},
        std::pair{"· TCP", &s.connect_tcp}, std::pair{"· TLS", &s.connect_tls},
        std::pair{"· CONNACK", &s.connect_connack}}) {
    if (ladder->count == 0 || ladder->max == 0) {
      continue;
    }
    rows += fmt::format("<tr><th>{}</th>{}", name, number_cell(count_text(ladder->count)));
    for (const double value : {ladder->p50, ladder->p75, ladder->p90, ladder->p95, ladder->p99,
                               ladder->p999, ladder->max}) {
      rows += number_cell(ms(value));
    }
    rows += "</tr>";
  }
  if (rows.empty()) {
    return "";
  }
  return table("Times",
               "<th></th><th class=\"n\">count</th><th class=\"n\">p50</th><th class=\"n\">p75</th>"
               "<th class=\"n\">p90</th><th class=\"n\">p95</th><th class=\"n\">p99</th><th "
               "class=\"n\">p99.9</th><th class=\"n\">max</th>",
               rows);
}

std::string generator_section(const Snapshot& s) {
  const metrics::GeneratorHealth& g = s.generator;
  std::string rows;
  const auto row = [&](std::string_view name, const std::string& value) {
    rows += fmt::format("<tr><th>{}</th>{}</tr>", name, number_cell(value));
  };
  row("bursts late, slow, missed", fmt::format("{}, {}, {} of {}", g.late_bursts, g.slow_bursts,
                                               g.missed_bursts, count_text(s.bursts_due)));
  row("loop lag, p99", ms(g.loop_lag_ms_p99));
  row("CPU of the machine", percent(g.cpu_share));
  row("CPU of the busiest worker, of one core", percent(g.busiest_worker_cpu));
  row("segments sent again (TCP)", count_text(g.tcp_retransmits));
  row("open files", count_text(g.open_files));
  return table(g.was_bottleneck ? "Our own side: it was the bottleneck" : "Our own side", "", rows);
}

std::string devices_section(const Snapshot& s) {
  std::vector<const metrics::DeviceRow*> troubled;
  const auto trouble = [](const metrics::DeviceRow& row) {
    const auto& c = row.counters;
    return c.failed() + c.skipped() + c.lost() + c.unacknowledged();
  };
  for (const metrics::DeviceRow& row : s.devices) {
    if (trouble(row) > 0 || row.failure || row.state != metrics::DeviceState::connected) {
      troubled.push_back(&row);
    }
  }
  if (troubled.empty()) {
    return "";
  }
  std::stable_sort(troubled.begin(), troubled.end(),
                   [&](const auto* a, const auto* b) { return trouble(*a) > trouble(*b); });
  std::string rows;
  for (std::size_t i = 0; i < std::min(most_devices, troubled.size()); ++i) {
    const metrics::DeviceRow& row = *troubled[i];
    const auto& c = row.counters;
    rows += fmt::format("<tr><th>{}</th><td>{}</td>{}{}{}<td class=\"detail\">{}</td></tr>",
                        escaped(row.name), to_string(row.state), number_cell(count_text(c.sent())),
                        number_cell(count_text(c.failed() + c.skipped())),
                        number_cell(count_text(c.lost() + c.unacknowledged())),
                        row.failure ? escaped(row.failure->detail) : "");
  }
  const std::string title = troubled.size() > most_devices
                                ? fmt::format("Devices in trouble: the worst {} of {}",
                                              most_devices, count_text(troubled.size()))
                                : fmt::format("Devices in trouble: {}", troubled.size());
  return table(title,
               "<th>device</th><th>at the end</th><th class=\"n\">sent</th><th class=\"n\">not sent"
               "</th><th class=\"n\">lost</th><th class=\"detail\">last failure</th>",
               rows);
}

std::string settings_section(const metrics::RunRecord& run) {
  std::string rows;
  for (const auto& [key, value] : run.settings) {
    rows += fmt::format("<tr><th><code>{}</code></th><td><code>{}</code></td></tr>", escaped(key),
                        value.empty() ? "-" : escaped(value));
  }
  return rows.empty() ? "" : table("Settings of the run", "<th>key</th><th>value</th>", rows);
}

}  // namespace stresskit::report
