#include "verification/server_figures.hpp"

#include "stresskit/support/log.hpp"

#include <utility>

namespace stresskit::verification {

namespace {

using thingsboard::ErrorKind;

// Usage counters and queue statistics are reported once a minute.
constexpr double report_lag_s = 60;

double number(std::uint64_t count) {
  return static_cast<double>(count);
}

}  // namespace

ServerFigures::ServerFigures(Take take, support::Clock& clock)
    : take_(std::move(take)), clock_(clock) {}

template <class Read, class Write>
void ServerFigures::ask(const char* source, Read read, Write write) {
  if (closed_.contains(source)) {
    return;
  }
  if (const auto answer = read()) {
    write(*answer);
  } else {
    note_failure(source, answer.error());
  }
}

void ServerFigures::note_failure(const char* source, const thingsboard::ApiError& error) {
  if (thingsboard::is_transient(error.kind) || error.kind == ErrorKind::stopped) {
    return;
  }
  if (error.kind != ErrorKind::forbidden && told_.insert(error.kind).second) {
    support::warn("no figures of the server's own ({}): {}", source, thingsboard::to_string(error));
  }
  if (!thingsboard::is_unreached(error.kind)) {
    closed_.insert(source);
  }
}

void ServerFigures::give(const char* source, double lag_s, std::map<std::string, double> figures) {
  metrics::ServerRow row{support::unix_seconds(clock_.wall()), source, lag_s};
  row.figures = std::move(figures);
  take_(row);
}

void ServerFigures::read(thingsboard::Client* client, thingsboard::Prometheus* prometheus) {
  if (client != nullptr) {
    read_as_account(*client);
  }
  if (prometheus != nullptr) {
    ask(
        "prometheus", [&] { return prometheus->read(); },
        [&](const thingsboard::ServerCounters& c) { take_live(c); });
  }
}

void ServerFigures::read_as_account(thingsboard::Client& client) {
  ask(
      "usage", [&] { return client.point_counters(); },
      [&](const thingsboard::PointCounters& c) {
        give("usage", report_lag_s,
             {{"transport_messages", number(c.transport_messages)},
              {"transport_points", number(c.transport_points)},
              {"storage_points", number(c.storage_points)}});
      });
  ask(
      "queue", [&] { return client.queue_stats(); },
      [&](const std::vector<thingsboard::QueueStats>& queues) { take_queues(queues); });
  ask(
      "system", [&] { return client.system_info(); },
      [&](const thingsboard::SystemInfo& s) {
        give("system", 0, {{"cpu_percent", s.cpu_percent}, {"memory_percent", s.memory_percent}});
      });
}

/// The server writes a row a minute: only new ones are worth a row of ours.
void ServerFigures::take_queues(const std::vector<thingsboard::QueueStats>& queues) {
  for (const thingsboard::QueueStats& queue : queues) {
    const bool is_new = std::exchange(known_rows_[queue.name], queue.ts) != queue.ts;
    if (is_new && queues_seen_) {
      metrics::ServerRow row{support::unix_seconds(clock_.wall()), "queue", report_lag_s};
      row.server_ts_ms = queue.ts;
      row.queue = queue.name;
      row.figures = {{"total", number(queue.total)},
                     {"successful", number(queue.successful)},
                     {"failed", number(queue.failed)},
                     {"timed_out", number(queue.timed_out)}};
      take_(row);
    }
  }
  queues_seen_ = true;
}

void ServerFigures::take_live(const thingsboard::ServerCounters& c) {
  std::map<std::string, double> figures;
  const auto put = [&](const char* key, const std::optional<double>& value) {
    if (value) {
      figures[key] = *value;
    }
  };
  put("queued", c.queued);
  put("unanswered", c.unanswered);
  put("processed", c.processed);
  put("timed_out", c.timed_out);
  put("failed", c.failed);
  put("rows_waiting", c.rows_waiting);
  put("connections", c.connections);
  put("process_cpu", c.process_cpu);
  put("heap_bytes", c.heap_bytes);
  give("prometheus", 0, std::move(figures));
}

}  // namespace stresskit::verification
