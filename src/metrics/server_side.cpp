#include "stresskit/metrics/server_side.hpp"

#include <algorithm>

namespace stresskit::metrics {

namespace {

double at(const ServerRow& row, const char* key) {
  const auto found = row.figures.find(key);
  return found == row.figures.end() ? 0 : found->second;
}

std::uint64_t count(const ServerRow& row, const char* key) {
  return static_cast<std::uint64_t>(std::max(0.0, at(row, key)));
}

/// A counter of the month begins anew with the next one.
std::uint64_t grown(const ServerRow& before, const ServerRow& now, const char* key) {
  const std::uint64_t from = count(before, key);
  const std::uint64_t to = count(now, key);
  return to >= from ? to - from : to;
}

}  // namespace

void ServerWatch::note(const ServerRow& row) {
  if (row.source == "usage") {
    note_usage(row);
  } else if (row.source == "queue") {
    note_queue(row);
  } else if (row.source == "system") {
    note_machine(row);
  } else if (row.source == "prometheus") {
    note_live(row);
  }
}

void ServerWatch::note_usage(const ServerRow& row) {
  if (!figures_.usage) {
    figures_.usage = ServerSide::Usage{.first_at = row.unix_s};
  }
  ServerSide::Usage& usage = *figures_.usage;
  usage.last_at = row.unix_s;
  usage.lag_s = row.lag_s;
  if (last_usage_) {
    usage.transport_messages += grown(*last_usage_, row, "transport_messages");
    usage.transport_points += grown(*last_usage_, row, "transport_points");
    usage.storage_points += grown(*last_usage_, row, "storage_points");
  }
  last_usage_ = row;
}

void ServerWatch::note_queue(const ServerRow& row) {
  if (!figures_.queues) {
    figures_.queues = ServerSide::Queues();  // clang knows no `emplace()` of a nested struct
  }
  ServerSide::Queues& queues = *figures_.queues;
  ++queues.rows;
  queues.total += count(row, "total");
  queues.successful += count(row, "successful");
  queues.failed += count(row, "failed");
  queues.timed_out += count(row, "timed_out");
  if (!queues.trouble_at && count(row, "failed") + count(row, "timed_out") > 0) {
    queues.trouble_at = row.unix_s;
  }
}

void ServerWatch::note_machine(const ServerRow& row) {
  ServerSide::Machine highest = figures_.machine.value_or(ServerSide::Machine{});
  highest.cpu_percent = std::max(highest.cpu_percent, at(row, "cpu_percent"));
  highest.memory_percent = std::max(highest.memory_percent, at(row, "memory_percent"));
  figures_.machine = highest;
}

void ServerWatch::note_live(const ServerRow& row) {
  if (!first_live_) {
    first_live_ = row;
    figures_.live = ServerSide::Live();
  }
  const auto since_first = [&](const char* key) { return at(row, key) - at(*first_live_, key); };
  ServerSide::Live& live = *figures_.live;
  live.processed = since_first("processed");
  live.timed_out = since_first("timed_out");
  live.failed = since_first("failed");
  live.most_unanswered = std::max(live.most_unanswered, since_first("unanswered"));
  live.most_unprocessed =
      std::max(live.most_unprocessed, since_first("queued") - since_first("processed"));
  live.most_rows_waiting = std::max(live.most_rows_waiting, since_first("rows_waiting"));
}

}  // namespace stresskit::metrics
