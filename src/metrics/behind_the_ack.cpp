#include "metrics/behind_the_ack.hpp"

#include "stresskit/metrics/broke_first.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace stresskit::metrics {

namespace {

// Less waits between two looks at a server that keeps up.
constexpr double bursts_that_are_a_backlog = 2;
// What burst::Payload makes of a message, where the server's own count is not known.
constexpr double usual_points = 5;

double points_a_message(const ServerSide& server) {
  return server.usage && server.usage->transport_messages > 0
             ? static_cast<double>(server.usage->transport_points) /
                   static_cast<double>(server.usage->transport_messages)
             : usual_points;
}

/// The rule engine takes a message as done when its rows are written: rows that wait hold up all
/// that is before them, so they are looked at first.
std::optional<NamedSide> by_prometheus(const Snapshot& s) {
  if (!s.server.live) {
    return std::nullopt;
  }
  const ServerSide::Live& live = *s.server.live;
  const double backlog = bursts_that_are_a_backlog * static_cast<double>(s.device_count);
  if (live.most_rows_waiting > backlog * points_a_message(s.server)) {
    return NamedSide{Side::database, fmt::format("up to {:.0f} rows waited for the database",
                                                 live.most_rows_waiting)};
  }
  if (live.failed + live.timed_out > 0) {
    return NamedSide{Side::rule_engine,
                     fmt::format("{:.0f} messages failed and {:.0f} timed out in the rule engine, "
                                 "while hardly a row waited for the database",
                                 live.failed, live.timed_out)};
  }
  if (live.most_unprocessed > backlog) {
    return NamedSide{Side::queue,
                     fmt::format("up to {:.0f} messages waited in the queue for the rule engine",
                                 live.most_unprocessed)};
  }
  return std::nullopt;
}

/// A message times out when its rows are not written in 2 s, too.
std::optional<NamedSide> by_timeouts(const ServerSide::Queues& queues) {
  if (queues.failed > 0) {
    return NamedSide{
        Side::rule_engine,
        fmt::format("{} of {} messages of the tenant failed in a rule node and were given up",
                    queues.failed, queues.total)};
  }
  if (queues.timed_out > 0) {
    return NamedSide{
        Side::rule_engine,
        fmt::format("{} of {} messages of the tenant were not done within 2 s, in its nodes or in "
                    "saving: TB_PROMETHEUS_URL would tell whether the database held "
                    "them up",
                    queues.timed_out, queues.total)};
  }
  return std::nullopt;
}

/// The rule engine had no trouble: either it was not given the messages, or it was done with them.
NamedSide by_counting(const Snapshot& s, const ServerSide::Queues& queues) {
  const std::uint64_t accepted =
      std::max(s.totals.acknowledged(),
               s.server.usage ? s.server.usage->transport_messages : std::uint64_t{0});
  if (queues.total < accepted) {
    return {Side::queue, fmt::format("the rule engine took {} of {} messages out of it",
                                     queues.total, accepted)};
  }
  return {Side::database,
          fmt::format("the rule engine was done with all {} messages in time", queues.successful)};
}

}  // namespace

NamedSide behind_the_ack(const Snapshot& s) {
  if (const auto named = by_prometheus(s)) {
    return *named;
  }
  const auto& queues = s.server.queues;
  if (queues) {
    if (const auto named = by_timeouts(*queues)) {
      return *named;
    }
    // Rows come a minute late: only with those of the whole run the sum says something.
    if (usage_is_complete(s)) {
      return by_counting(s, *queues);
    }
  }
  return {Side::unknown,
          "queue, rule engine or database: the server's figures do not tell them apart (its queue "
          "statistics come a minute late; TB_PROMETHEUS_URL is live)"};
}

}  // namespace stresskit::metrics
