#include "stresskit/metrics/verdict.hpp"

#include "metrics/never_answered.hpp"

#include "stresskit/metrics/broke_first.hpp"
#include "stresskit/support/format.hpp"

#include <fmt/format.h>

namespace stresskit::metrics {

namespace {

std::string ms(double value) {
  return support::format_duration(support::from_seconds(value / 1e3));
}

/// ", mostly connect auth (CONNACK 5)".
std::string mostly(const Snapshot& s) {
  if (s.failures.empty()) {
    return "";
  }
  const fleet::Failure& top = s.failures.front().failure;
  return fmt::format(", mostly {} {} ({})", fleet::to_string(top.stage),
                     fleet::to_string(top.bucket), top.detail);
}

std::string generator_sentence(const Snapshot& s) {
  const GeneratorHealth& g = s.generator;
  return fmt::format(
      "the generator was the bottleneck (late {}, slow {}, missed {} of {} bursts, loop lag p99 "
      "{}, "
      "busiest worker {:.0f} % of a core): this run says nothing about the server",
      g.late_bursts, g.slow_bursts, g.missed_bursts, s.bursts_due, ms(g.loop_lag_ms_p99),
      g.busiest_worker_cpu * 100);
}

std::string collapsed_sentence(const Snapshot& s) {
  const CollapseRow& first = s.collapses.front();
  std::string text = fmt::format("the fleet collapsed {:.1f} s after the first burst", first.at_s);
  text += first.recovered_at_s ? fmt::format(" and was back at {:.1f} s", *first.recovered_at_s)
                               : " and did not come back";
  if (s.collapses.size() > 1) {
    text += fmt::format(" ({} collapses in all)", s.collapses.size());
  }
  return text + mostly(s);
}

std::string refused_sentence(const Snapshot& s) {
  const Counters& t = s.totals;
  return fmt::format(
      "the server refused or dropped devices from burst {} on: {} of {} messages lost, {} failed, "
      "{} not sent{}{}",
      *s.refused_from, t.lost(), t.planned(), t.failed(), t.skipped(), mostly(s),
      and_never_answered(s));
}

std::string behind_sentence(const Snapshot& s) {
  return fmt::format(
      "the server fell behind from burst {} on: in {} of {} bursts acknowledgements came after the "
      "next burst was due{}",
      *s.behind_from, s.behind_bursts, s.bursts_due, and_never_answered(s));
}

// Looking once a second shows no smaller one.
constexpr double growth_that_counts_s = 0.05;

/// Acknowledgements came in time, and what was acknowledged is stored late, or ever later.
bool stores_too_slowly(const Snapshot& s) {
  return s.freshness.stored_k && (s.freshness.late_from || backlog_grows(s));
}

std::string stores_too_slowly_sentence(const Snapshot& s) {
  const Freshness& f = s.freshness;
  if (!backlog_grows(s)) {
    return fmt::format(
        "the server acknowledged in time and stored late from burst {} on: the "
        "newest stored message was up to {} old",
        *f.late_from, ms(f.age.max));
  }
  return fmt::format(
      "the server acknowledged in time and stored ever later: burst {} after {}, its backlog grows "
      "by {} a burst",
      *f.stored_k, ms(f.drain_s * 1e3), ms(f.growth_s_a_burst * 1e3));
}

std::string kept_up_sentence(const Snapshot& s) {
  if (s.qos == 0) {
    return fmt::format(
        "all connections held: {} of {} messages sent; QoS 0 says nothing about what "
        "arrived",
        s.totals.sent(), s.totals.planned());
  }
  return fmt::format(
      "the server kept up: {} of {} messages acknowledged, p99 {} after they were due",
      s.totals.acknowledged(), s.totals.planned(), ms(s.ack_from_due.p99));
}

std::string not_stored_sentence(const Snapshot& s) {
  const Storage& storage = s.storage;
  const std::string text = fmt::format("the server never stored {} of the {} messages that {}",
                                       storage.missing_acknowledged, storage.acknowledged,
                                       s.qos == 0 ? "were sent" : "it had acknowledged");
  return storage.hint.empty() ? text : fmt::format("{} ({})", text, storage.hint);
}

Verdict verdict_without_storage(const Snapshot& s) {
  if (!s.balanced) {
    return {VerdictKind::generator,
            "the ledger does not add up: this is a mistake of the kit, trust none of its figures"};
  }
  if (s.bursts_due == 0) {
    return {VerdictKind::nothing, "no burst was due: this run says nothing" + mostly(s)};
  }
  if (s.generator.was_bottleneck) {
    return {VerdictKind::generator, generator_sentence(s)};
  }
  if (!s.collapses.empty()) {
    return {VerdictKind::collapsed, collapsed_sentence(s)};
  }
  if (s.refused_from) {
    return {VerdictKind::refused, refused_sentence(s)};
  }
  if (s.behind_from) {
    return {VerdictKind::behind, behind_sentence(s)};
  }
  if (const std::string text = never_answered(s); !text.empty()) {
    return {VerdictKind::unanswered, "the server left messages unanswered: " + text};
  }
  if (stores_too_slowly(s)) {
    return {VerdictKind::behind, stores_too_slowly_sentence(s)};
  }
  return {VerdictKind::kept_up, kept_up_sentence(s)};
}

}  // namespace

Verdict verdict(const Snapshot& s) {
  Verdict out = verdict_without_storage(s);
  if (s.balanced && s.storage.missing_acknowledged > 0) {
    out.sentence =
        fmt::format("{}; {}", not_stored_sentence(s),
                    out.kind == VerdictKind::generator
                        ? "of its speed this run says nothing, for the generator was the bottleneck"
                        : out.sentence);
    out.kind = VerdictKind::not_stored;
  } else if (s.storage.state == Storage::State::complete && s.storage.stored > 0) {
    out.sentence += s.storage.unverified == 0 ? ", and everything that was acknowledged is stored"
                                              : ", and everything that could be counted is stored";
  }
  return out;
}

void conclude(Snapshot& snapshot) {
  snapshot.verdict = verdict(snapshot);
  snapshot.broke_first = broke_first(snapshot);
}

bool backlog_grows(const Snapshot& s) {
  return s.freshness.growth_s_a_burst > growth_that_counts_s &&
         s.freshness.drain_s > 2 * s.interval_sec + 1;
}

bool was_bottleneck(const GeneratorHealth& health, std::uint64_t bursts) {
  const std::uint64_t marked = health.late_bursts + health.slow_bursts + health.missed_bursts;
  // Of fewer than a hundred lags the 99th percentile is the worst one: a single hiccup of the
  // machine. Where it delayed a burst, the burst says so.
  const bool lagged = health.loop_lags >= 100 && health.loop_lag_ms_p99 > 20;
  return marked * 100 > bursts || lagged || health.busiest_worker_cpu > 0.9;
}

}  // namespace stresskit::metrics
