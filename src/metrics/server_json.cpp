#include "metrics/server_json.hpp"

#include <cmath>

namespace stresskit::metrics {

namespace {

/// Counts stay whole numbers.
Json number_json(double value) {
  if (value == std::floor(value) && std::abs(value) < 1e15) {
    return static_cast<std::int64_t>(value);
  }
  return rounded(value);
}

Json usage_json(const ServerSide::Usage& u, bool complete) {
  return {{"first_at", number_json(u.first_at)},
          {"last_at", number_json(u.last_at)},
          {"lag_s", number_json(u.lag_s)},
          {"complete", complete},
          {"transport_messages", u.transport_messages},
          {"transport_points", u.transport_points},
          {"storage_points", u.storage_points}};
}

Json queues_json(const ServerSide::Queues& q) {
  return {{"rows", q.rows},
          {"total", q.total},
          {"successful", q.successful},
          {"failed", q.failed},
          {"timed_out", q.timed_out},
          {"trouble_at", q.trouble_at ? number_json(*q.trouble_at) : Json(nullptr)}};
}

Json live_json(const ServerSide::Live& l) {
  return {{"processed", number_json(l.processed)},
          {"timed_out", number_json(l.timed_out)},
          {"failed", number_json(l.failed)},
          {"most_unanswered", number_json(l.most_unanswered)},
          {"most_unprocessed", number_json(l.most_unprocessed)},
          {"most_rows_waiting", number_json(l.most_rows_waiting)}};
}

}  // namespace

Json server_json(const ServerSide& server, bool usage_is_complete) {
  Json json = Json::object();
  if (server.usage) {
    json["usage"] = usage_json(*server.usage, usage_is_complete);
  }
  if (server.queues) {
    json["queue"] = queues_json(*server.queues);
  }
  if (server.machine) {
    json["system"] = {{"cpu_percent", number_json(server.machine->cpu_percent)},
                      {"memory_percent", number_json(server.machine->memory_percent)}};
  }
  if (server.live) {
    json["prometheus"] = live_json(*server.live);
  }
  return json;
}

std::string server_line(const ServerRow& row) {
  Json json{{"unix_s", number_json(row.unix_s)}, {"source", row.source}};
  json["lag_s"] = number_json(row.lag_s);
  if (row.server_ts_ms) {
    json["server_ts_ms"] = *row.server_ts_ms;
  }
  if (!row.queue.empty()) {
    json["queue"] = row.queue;
  }
  for (const auto& [key, value] : row.figures) {
    json[key] = number_json(value);
  }
  return line(json);
}

}  // namespace stresskit::metrics
