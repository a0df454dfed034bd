#include "verification/server_figures.hpp"

#include "stresskit/support/log.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <utility>

namespace stresskit::verification {

namespace {

using Json = nlohmann::ordered_json;

double seconds(support::Clock& clock) {
  return std::round(support::unix_seconds(clock.wall()) * 1e3) / 1e3;
}

Json or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// Whether asking again may help.
bool is_final(thingsboard::ErrorKind kind) {
  return !thingsboard::is_transient(kind) && kind != thingsboard::ErrorKind::stopped &&
         kind != thingsboard::ErrorKind::refused;
}

}  // namespace

ServerFigures::ServerFigures(const std::filesystem::path& folder) {
  if (auto file = support::AppendFile::open(folder / "server.ndjson")) {
    file_ = std::move(*file);
  } else {
    support::log_warning(file.error());
  }
}

/// One row, or one row for each of what `write` makes of the answer.
template <class Read, class Write>
void ServerFigures::ask(const char* source, support::Clock& clock, Read read, Write write) {
  if (!file_ || closed_[source]) {
    return;
  }
  const auto answer = read();
  if (!answer) {
    closed_[source] = is_final(answer.error().kind);
    return;
  }
  for (Json& fields : write(*answer)) {
    Json row{{"unix_s", seconds(clock)}, {"source", source}};
    row.update(fields);
    if (!file_->append(row.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n")) {
      file_.reset();
      return;
    }
  }
}

void ServerFigures::read(thingsboard::Client& client, thingsboard::Prometheus* prometheus,
                         support::Clock& clock) {
  ask(
      "usage", clock, [&] { return client.point_counters(); },
      [](const thingsboard::PointCounters& c) {
        return std::vector<Json>{{{"lag_s", 60},
                                  {"transport_messages", c.transport_messages},
                                  {"transport_points", c.transport_points},
                                  {"storage_points", c.storage_points}}};
      });
  read_queues(client, clock);
  ask(
      "system", clock, [&] { return client.system_info(); },
      [](const thingsboard::SystemInfo& s) {
        return std::vector<Json>{
            {{"lag_s", 0}, {"cpu_percent", s.cpu_percent}, {"memory_percent", s.memory_percent}}};
      });
  if (prometheus != nullptr) {
    ask(
        "prometheus", clock, [&] { return prometheus->read(); },
        [](const thingsboard::ServerCounters& c) {
          return std::vector<Json>{{{"lag_s", 0},
                                    {"queued", or_null(c.queued)},
                                    {"processed", or_null(c.processed)},
                                    {"timed_out", or_null(c.timed_out)},
                                    {"failed", or_null(c.failed)},
                                    {"rows_waiting", or_null(c.rows_waiting)},
                                    {"connections", or_null(c.connections)},
                                    {"process_cpu", or_null(c.process_cpu)},
                                    {"heap_bytes", or_null(c.heap_bytes)}}};
        });
  }
}

/// The server writes a row a minute: only new ones are worth a row of ours.
void ServerFigures::read_queues(thingsboard::Client& client, support::Clock& clock) {
  ask(
      "queue", clock, [&] { return client.queue_stats(); },
      [this](const std::vector<thingsboard::QueueStats>& queues) {
        std::vector<Json> rows;
        for (const thingsboard::QueueStats& queue : queues) {
          if (queue.ts > 0 && std::exchange(known_rows_[queue.name], queue.ts) != queue.ts) {
            rows.push_back({{"lag_s", 60},
                            {"server_ts_ms", queue.ts},
                            {"queue", queue.name},
                            {"total", queue.total},
                            {"successful", queue.successful},
                            {"failed", queue.failed},
                            {"timed_out", queue.timed_out}});
          }
        }
        return rows;
      });
}

}  // namespace stresskit::verification
