#include "stresskit/metrics/broke_first.hpp"

#include "metrics/behind_the_ack.hpp"
#include "metrics/never_answered.hpp"

#include "stresskit/support/format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <utility>
#include <vector>

namespace stresskit::metrics {

namespace {

using fleet::Bucket;
using fleet::Stage;

// Single time-outs are no trouble: a node that waits for something once.
constexpr double timed_out_that_count = 0.01;

bool is_ours(Bucket bucket) {
  return bucket == Bucket::client || bucket == Bucket::client_memory;
}

/// The most frequent failure in one of the stages.
const FailureCount* top(const Snapshot& s, std::initializer_list<Stage> stages) {
  const auto found = std::find_if(s.failures.begin(), s.failures.end(), [&](const auto& row) {
    return std::find(stages.begin(), stages.end(), row.failure.stage) != stages.end();
  });
  return found == s.failures.end() ? nullptr : &*found;
}

std::string mostly(const FailureCount* row) {
  return row == nullptr ? "" : ", mostly " + row->failure.detail;
}

BrokeFirst of_generator(const Snapshot& s) {
  const GeneratorHealth& g = s.generator;
  return {Side::generator, s.our_trouble_from,
          fmt::format("{} of {} bursts late, {} slow, {} missed on our side: of the server nothing "
                      "can be said",
                      g.late_bursts, s.bursts_due, g.slow_bursts, g.missed_bursts)};
}

/// Devices that could not take part, before any message was left without its answer.
std::optional<BrokeFirst> of_connections(const Snapshot& s) {
  const FailureCount* const why = top(s, {Stage::connect, Stage::disconnect, Stage::startup});
  const bool began = s.bursts_due > 0;
  const bool refused = s.refused_from && (!s.lost_from || *s.refused_from < *s.lost_from);
  if (began ? !refused : why == nullptr) {
    return std::nullopt;
  }
  const bool ours = why != nullptr && is_ours(why->failure.bucket);
  const std::string what = began ? fmt::format("devices without a connection{}", mostly(why))
                                 : fmt::format("no burst was due: {} of {} devices connected{}",
                                               s.connected, s.device_count, mostly(why));
  return BrokeFirst{ours ? Side::generator : Side::connection, s.refused_from,
                    ours ? what + ": our own machine's limit" : what};
}

/// What a closing on a message probably was.
std::string probably(const Snapshot& s) {
  return s.limits.empty() ? "" : fmt::format(": {}", s.limits.front().name);
}

/// What became of the messages that are lost: a PUBACK refused them (MQTT 5), on a connection that
/// stays, or their connections ended.
std::string lost_to(const Snapshot& s) {
  std::uint64_t refused = 0;
  const FailureCount* mostly_refused = nullptr;
  for (const FailureCount& row : s.failures) {
    if (row.failure.stage == Stage::publish && row.failure.detail.starts_with("PUBACK")) {
      refused += row.count;
      mostly_refused = mostly_refused == nullptr ? &row : mostly_refused;
    }
  }
  const std::uint64_t cut_off = s.totals.lost() - std::min(s.totals.lost(), refused);
  std::string text =
      refused > 0 ? fmt::format("{} messages refused{}", refused, mostly(mostly_refused)) : "";
  if (cut_off > 0 || refused == 0) {
    text += fmt::format("{}connections ended with messages unanswered, {} in all{}",
                        text.empty() ? "" : "; ", cut_off, probably(s));
  }
  return text;
}

std::optional<BrokeFirst> of_answers(const Snapshot& s) {
  if (s.lost_from && (!s.behind_from || *s.lost_from <= *s.behind_from)) {
    return BrokeFirst{Side::transport, s.lost_from, lost_to(s)};
  }
  if (!s.behind_from) {
    return std::nullopt;
  }
  const std::string late =
      fmt::format("in {} of {} bursts acknowledgements came after the next one was due{}",
                  s.behind_bursts, s.bursts_due, and_never_answered(s));
  const double unanswered = s.server.live ? s.server.live->most_unanswered : 0;
  if (unanswered > static_cast<double>(s.device_count)) {
    return BrokeFirst{
        Side::queue, s.behind_from,
        fmt::format("{}, while up to {:.0f} messages waited for the queue to take them", late,
                    unanswered)};
  }
  return BrokeFirst{Side::transport, s.behind_from,
                    s.server.live ? late
                                  : late +
                                        " (or the queue behind it: TB_PROMETHEUS_URL "
                                        "would tell)"};
}

/// The burst that was due last at a time.
std::optional<std::uint64_t> burst_at(const Snapshot& s, double unix_s) {
  if (s.bursts.empty() || s.interval_sec <= 0) {
    return std::nullopt;
  }
  const BurstRow& one = s.bursts.front();
  const double k = static_cast<double>(one.k) + (unix_s - one.due) / s.interval_sec;
  return static_cast<std::uint64_t>(std::clamp(k, 0.0, static_cast<double>(s.bursts.back().k)));
}

/// Signs of trouble behind the acknowledgement, each with its burst.
std::vector<std::pair<std::uint64_t, std::string>> signs(const Snapshot& s) {
  std::vector<std::pair<std::uint64_t, std::string>> out;
  if (s.storage.missing_from && s.collapses.empty()) {
    out.emplace_back(
        *s.storage.missing_from,
        fmt::format("{} acknowledged messages were never stored", s.storage.missing_acknowledged));
  }
  // How fast a server is a generator that is late cannot say; what it lost is lost.
  if (s.generator.was_bottleneck) {
    return out;
  }
  if (s.freshness.late_from) {
    out.emplace_back(*s.freshness.late_from, "acknowledged in time and stored late");
  }
  const auto& queues = s.server.queues;
  const bool counts = queues && (queues->failed > 0 ||
                                 static_cast<double>(queues->timed_out) >
                                     timed_out_that_count * static_cast<double>(queues->total));
  if (const auto k = counts ? burst_at(s, *queues->trouble_at) : std::nullopt) {
    out.emplace_back(*k, "the queue's statistics tell of trouble");
  }
  return out;
}

std::optional<BrokeFirst> of_storing(const Snapshot& s) {
  const auto all = signs(s);
  const auto first = std::min_element(
      all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  if (first == all.end()) {
    return std::nullopt;
  }
  const NamedSide named = behind_the_ack(s);
  return BrokeFirst{named.side, first->first, fmt::format("{}; {}", first->second, named.because)};
}

BrokeFirst of_nothing(const Snapshot& s) {
  if (s.bursts_due == 0) {
    return {Side::unknown, std::nullopt, "no burst was due"};
  }
  // The run ended before that was late, so it is no sign of any side.
  if (const std::string text = never_answered(s); !text.empty()) {
    return {Side::unknown, s.unanswered_from, "never answered: " + text};
  }
  if (s.storage.state == Storage::State::complete && s.storage.missing_acknowledged == 0) {
    return {Side::none, std::nullopt,
            s.storage.unverified == 0 ? "everything that was acknowledged is stored"
                                      : "everything that could be counted is stored"};
  }
  if (s.freshness.stored_k) {
    return {Side::none, std::nullopt,
            "acknowledged in time, and stored in time as far as the probes saw"};
  }
  if (s.qos == 0) {
    return {Side::unknown, std::nullopt,
            "QoS 0: whether anything arrived only --verify-stored can tell"};
  }
  return {Side::none, std::nullopt,
          "acknowledged in time; what happened behind that only --verify-stored can tell"};
}

}  // namespace

bool usage_is_complete(const Snapshot& s) {
  const auto& usage = s.server.usage;
  return usage &&
         ((s.totals.acknowledged() > 0 && usage->transport_messages >= s.totals.acknowledged()) ||
          usage->last_at >= s.started_at + s.elapsed_s + server_report_s);
}

BrokeFirst broke_first(const Snapshot& s) {
  if (!s.balanced) {
    return {Side::unknown, std::nullopt, "the ledger does not add up"};
  }
  if (s.generator.was_bottleneck) {
    const auto lost = of_storing(s);
    const bool before = lost && (!s.our_trouble_from || *lost->from_burst <= *s.our_trouble_from);
    return before ? *lost : of_generator(s);
  }
  std::optional<BrokeFirst> first;
  // Of what was seen in the same burst, what comes first on the way.
  for (const auto& one : {of_connections(s), of_answers(s), of_storing(s)}) {
    if (one && (!first || one->from_burst < first->from_burst)) {
      first = one;
    }
  }
  return first.value_or(of_nothing(s));
}

}  // namespace stresskit::metrics
