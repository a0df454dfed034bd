#include "report/server_text.hpp"

#include "stresskit/metrics/broke_first.hpp"
#include "stresskit/support/format.hpp"

#include <fmt/format.h>

namespace stresskit::report {

namespace {

using metrics::ServerSide;
using metrics::Side;

std::string side_in_words(Side side) {
  return side == Side::rule_engine ? "rule engine" : std::string(to_string(side));
}

/// The counters are late: until they hold the whole run they are no total.
std::string usage_sentence(const metrics::Snapshot& s, const ServerSide::Usage& usage) {
  if (!metrics::usage_is_complete(s)) {
    return fmt::format(
        "usage counters: {} of {} messages reported so far, they come up to {:.0f} s "
        "late",
        usage.transport_messages, s.totals.acknowledged(), usage.lag_s);
  }
  return fmt::format(
      "usage counters: {} messages accepted ({} acknowledged here), {} data points "
      "accepted, {} stored{}; all of the tenant's, up to {:.0f} s late",
      usage.transport_messages, s.totals.acknowledged(), usage.transport_points,
      usage.storage_points, usage.storage_points < usage.transport_points ? " so far" : "",
      usage.lag_s);
}

std::string queue_sentence(const ServerSide::Queues& q) {
  return fmt::format("rule-engine queues: {} processed, {} failed, {} timed out, in {}", q.total,
                     q.failed, q.timed_out, support::format_count(q.rows, "report"));
}

std::string live_sentence(const ServerSide::Live& l) {
  return fmt::format(
      "Prometheus: {:.0f} processed by the rule engine, at most {:.0f} waiting for "
      "it, at most {:.0f} rows waiting for the database",
      l.processed, l.most_unprocessed, l.most_rows_waiting);
}

}  // namespace

std::string broke_first_text(const metrics::Snapshot& s) {
  const metrics::BrokeFirst& first = s.broke_first;
  if (first.side == Side::none) {
    return "nothing: " + first.evidence;
  }
  const std::string from =
      first.from_burst ? fmt::format(", from burst {}", *first.from_burst) : std::string();
  if (first.side == Side::unknown) {
    return fmt::format("not known{}: {}", from, first.evidence);
  }
  return fmt::format("{} first{}: {}", side_in_words(first.side), from, first.evidence);
}

std::vector<std::string> server_sentences(const metrics::Snapshot& s) {
  std::vector<std::string> out;
  // In the first minute there is nothing to report yet.
  if (s.server.usage && s.server.usage->transport_messages > 0) {
    out.push_back(usage_sentence(s, *s.server.usage));
  }
  if (s.server.queues) {
    out.push_back(queue_sentence(*s.server.queues));
  }
  if (s.server.machine) {
    out.push_back(fmt::format("machine: CPU up to {:.0f} %, memory up to {:.0f} %",
                              s.server.machine->cpu_percent, s.server.machine->memory_percent));
  }
  if (s.server.live) {
    out.push_back(live_sentence(*s.server.live));
  }
  return out;
}

}  // namespace stresskit::report
