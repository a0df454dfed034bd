#include "stresskit/metrics/metrics_json.hpp"

#include "metrics/rows.hpp"
#include "metrics/server_json.hpp"
#include "metrics/storage_json.hpp"

#include "stresskit/metrics/broke_first.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <map>

namespace stresskit::metrics {

namespace {

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(rounded(*value)) : Json(nullptr);
}

Json count_or_null(const std::optional<std::uint64_t>& count) {
  return count ? Json(*count) : Json(nullptr);
}

Json ladder_json(const Ladder& l) {
  return {{"count", l.count},         {"p50", rounded(l.p50)}, {"p75", rounded(l.p75)},
          {"p90", rounded(l.p90)},    {"p95", rounded(l.p95)}, {"p99", rounded(l.p99)},
          {"p99.9", rounded(l.p999)}, {"max", rounded(l.max)}};
}

Json short_ladder_json(const std::optional<ShortLadder>& l) {
  if (!l) {
    return nullptr;
  }
  return {{"p50", rounded(l->p50)}, {"p99", rounded(l->p99)}, {"max", rounded(l->max)}};
}

template <class Int>
void put_counters(Json& into, const BasicCounters<Int>& c) {
  into["planned"] = c.planned();
  into["attempted"] = c.attempted();
  into["skipped"] = c.skipped();
  into["sent"] = c.sent();
  into["failed"] = c.failed();
  into["acknowledged"] = c.acknowledged();
  into["lost"] = c.lost();
  into["unacknowledged"] = c.unacknowledged();
  into["in_flight"] = c.in_flight();
}

}  // namespace

Json burst_json(const BurstRow& row) {
  Json json;
  json["k"] = row.k;
  json["due"] = rounded(row.due);
  json["release_lateness_ms"] = or_null(row.release_lateness_ms);
  json["spread_ms"] = or_null(row.spread_ms);
  put_counters(json, row.counters);
  json["not_connected"] = row.not_connected;
  json["ack_from_due_ms"] = short_ladder_json(row.from_due_ms);
  json["ack_from_write_ms"] = short_ladder_json(row.from_write_ms);
  json["ack_drain_ms"] = or_null(row.ack_drain_ms);
  json["store_drain_ms"] = or_null(row.store_drain_ms);
  json["stage"] = row.stage;
  json["marks"] = Json::array();
  for (const auto& [set, mark] :
       {std::pair{row.late, "late"}, std::pair{row.slow, "slow"}, std::pair{row.missed, "missed"},
        std::pair{row.warmup, "warmup"}}) {
    if (set) {
      json["marks"].push_back(mark);
    }
  }
  return json;
}

namespace {

std::string quoted(const std::string& text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string number_or_null(const std::optional<double>& value) {
  return value ? fmt::format("{}", rounded(*value)) : "null";
}

/// Straight into text: of up to 500 rows a tree of values would cost more than all the rest.
void append_device(std::string& to, const DeviceRow& row) {
  const bool failed = row.failure.has_value();
  const auto& c = row.counters;
  fmt::format_to(
      std::back_inserter(to),
      R"({{"name":{},"status":"{}","last_stage":"{}","last_seen":{},"last_failure":{},)"
      R"("failure_reason":{},"failure_detail":{},"disconnect_code":{},)"
      R"("planned":{},"attempted":{},"skipped":{},"sent":{},"failed":{},"acknowledged":{},)"
      R"("lost":{},"unacknowledged":{},"in_flight":{}}})",
      quoted(row.name), to_string(row.state), fleet::to_string(row.last_stage),
      number_or_null(row.last_seen), number_or_null(row.last_failure),
      failed ? fmt::format("\"{}\"", fleet::to_string(row.failure->bucket)) : "null",
      failed ? quoted(row.failure->detail) : "null",
      failed && row.failure->code ? fmt::to_string(*row.failure->code) : "null", c.planned(),
      c.attempted(), c.skipped(), c.sent(), c.failed(), c.acknowledged(), c.lost(),
      c.unacknowledged(), c.in_flight());
}

Json collapse_json(const CollapseRow& row) {
  return {{"at_s", rounded(row.at_s)}, {"recovered_at_s", or_null(row.recovered_at_s)}};
}

void put_collapses(Json& json, const Snapshot& s) {
  json["collapse"] = s.collapses.empty() ? Json{{"at_s", nullptr}, {"recovered_at_s", nullptr}}
                                         : collapse_json(s.collapses.front());
  json["collapses"] = Json::array();
  for (const CollapseRow& row : s.collapses) {
    json["collapses"].push_back(collapse_json(row));
  }
}

void put_failures(Json& json, const Snapshot& s) {
  std::map<std::string, std::uint64_t> by_bucket;
  json["failures"] = Json::array();
  for (const FailureCount& row : s.failures) {
    by_bucket[std::string(fleet::to_string(row.failure.bucket))] += row.count;
    json["failures"].push_back({{"stage", fleet::to_string(row.failure.stage)},
                                {"bucket", fleet::to_string(row.failure.bucket)},
                                {"count", row.count},
                                {"detail", row.failure.detail}});
  }
  json["failure_breakdown"] = by_bucket;
}

void put_identity(Json& json, const Snapshot& s) {
  json["schema_version"] = 1;
  json["run_id"] = s.run_id;
  json["pid"] = s.pid;
  json["status"] = to_string(s.status);
  json["phase"] = s.phase == Phase::none ? Json(nullptr) : Json(to_string(s.phase));
  json["timestamp"] = rounded(s.updated_at);
  json["started_at"] = rounded(s.started_at);
  json["updated_at"] = rounded(s.updated_at);
  json["elapsed_s"] = rounded(s.elapsed_s);
  json["engine"] = s.engine;
  json["write_time"] = s.write_time;
  json["write_sec"] = s.write_sec;
  json["qos"] = s.qos;
  json["interval_sec"] = s.interval_sec;
  json["bursts_planned"] = count_or_null(s.bursts_planned);
  json["warmup"] = s.warmup;
}

/// The keys that readers of the first kit know.
void put_original(Json& json, const Snapshot& s) {
  json["device_count"] = s.device_count;
  json["connected_devices"] = s.connected;
  json["disconnected_devices"] = s.disconnected;
  json["failed_devices"] = s.failed;
  json["connecting_devices"] = s.connecting;
  json["failed_or_disconnected"] = s.failed + s.disconnected;
  json["active_channels"] = s.connected;
  json["reconnects"] = s.reconnects;
  json["total_packets_sent"] = s.totals.sent();
  json["total_packets_failed"] = s.totals.failed() + s.totals.lost() + s.totals.unacknowledged();
  json["total_volume_mb"] = rounded(s.volume_mb);
  json["avg_send_rate_per_device"] = rounded(s.send_rate_per_device);
  json["bandwidth_mbps"] = rounded(s.bandwidth_mbps);
  json["collapse_time"] =
      s.collapses.empty() ? Json(nullptr) : Json(rounded(s.collapses.front().at_s));
}

void put_latencies(Json& json, const Snapshot& s) {
  json["latency_ms"] = {{"ack_from_due", ladder_json(s.ack_from_due)},
                        {"ack_from_write", ladder_json(s.ack_from_write)},
                        {"ack_from_due_with_open", ladder_json(s.ack_from_due_with_open)},
                        {"ack_from_write_with_open", ladder_json(s.ack_from_write_with_open)},
                        {"ack_drain", ladder_json(s.ack_drain)},
                        {"connect", ladder_json(s.connect)},
                        {"connect_tcp", ladder_json(s.connect_tcp)},
                        {"connect_tls", ladder_json(s.connect_tls)},
                        {"connect_connack", ladder_json(s.connect_connack)}};
  json["spread_ms"] = ladder_json(s.spread);
  json["release_lateness_ms"] = ladder_json(s.release_lateness);
  json["histogram_buckets"] = Json::object();
  for (const auto& [metric, row] : s.histogram_buckets) {
    json["histogram_buckets"][metric] = {{"le_ms", row.le_ms},
                                         {"counts", row.counts},
                                         {"count", row.count},
                                         {"sum_ms", rounded(row.sum_ms)}};
  }
}

void put_stages(Json& json, const Snapshot& s) {
  json["stages"] = Json::array();
  for (const StageRow& row : s.stages) {
    Json stage{
        {"devices", row.devices}, {"first_burst", row.first_burst}, {"bursts_due", row.bursts_due}};
    put_counters(stage["totals"], row.totals);
    stage["ack_from_due_ms"] = ladder_json(row.ack_from_due);
    stage["spread_ms"] = ladder_json(row.spread);
    stage["ack_drain_ms"] = ladder_json(row.ack_drain);
    json["stages"].push_back(std::move(stage));
  }
}

void put_verdict(Json& json, const Snapshot& s) {
  put_conclusions(json, s);
  json["behind_from"] = count_or_null(s.behind_from);
  json["behind_bursts"] = s.behind_bursts;
  json["refused_from"] = count_or_null(s.refused_from);
  json["thresholds"] = Json::array();
  for (const ThresholdRow& row : s.thresholds) {
    json["thresholds"].push_back(
        {{"threshold", row.text}, {"actual", row.actual}, {"state", to_string(row.state)}});
  }
}

Json freshness_json(const Freshness& f) {
  return {{"devices", f.devices},
          {"age_ms", ladder_json(f.age)},
          {"failed_polls", f.failed_polls},
          {"trouble", f.trouble.empty() ? Json(nullptr) : Json(f.trouble)},
          {"stored_k", count_or_null(f.stored_k)},
          {"drain_s", f.stored_k ? Json(rounded(f.drain_s)) : Json(nullptr)},
          {"growth_s_a_burst", f.stored_k ? Json(rounded(f.growth_s_a_burst)) : Json(nullptr)},
          {"late_from", count_or_null(f.late_from)}};
}

Json health_json(const GeneratorHealth& h) {
  return {{"cpu_share", rounded(h.cpu_share)},
          {"busiest_worker_cpu", rounded(h.busiest_worker_cpu)},
          {"loop_lag_ms_p99", rounded(h.loop_lag_ms_p99)},
          {"late_bursts", h.late_bursts},
          {"slow_bursts", h.slow_bursts},
          {"missed_bursts", h.missed_bursts},
          {"open_files", h.open_files},
          {"tcp_retransmits", h.tcp_retransmits},
          {"was_bottleneck", h.was_bottleneck}};
}

}  // namespace

std::string to_json(const Snapshot& s) {
  Json json;
  put_identity(json, s);
  put_original(json, s);
  put_verdict(json, s);
  if (s.freshness.devices > 0) {
    json["freshness"] = freshness_json(s.freshness);
  }
  if (Json server = server_json(s.server, usage_is_complete(s)); !server.empty()) {
    json["server"] = std::move(server);
  }
  json["limits"] = Json::array();
  for (const Limit& limit : s.limits) {
    json["limits"].push_back(
        {{"name", limit.name}, {"evidence", limit.evidence}, {"setting", limit.setting}});
  }
  put_counters(json["totals"], s.totals);
  if (s.storage.state != Storage::State::off) {
    put_storage_totals(json["totals"], s.storage);
    json["verification"] = storage_json(s.storage);
  }
  put_counters(json["measured"], s.measured);
  json["acknowledged_ratio"] = std::round(acknowledged_ratio(s) * 1e6) / 1e6;
  json["balanced"] = s.balanced;
  put_latencies(json, s);
  json["bursts_due"] = s.bursts_due;
  put_stages(json, s);
  json["generator"] = health_json(s.generator);
  put_collapses(json, s);
  put_failures(json, s);
  json["bursts"] = Json::array();
  for (const BurstRow& row : s.bursts) {
    json["bursts"].push_back(burst_json(row));
  }
  std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  text.pop_back();  // the closing brace: the devices come last
  text += R"(,"devices":[)";
  for (const DeviceRow& row : s.devices) {
    append_device(text, row);
    text += ',';
  }
  if (!s.devices.empty()) {
    text.pop_back();
  }
  return text + "]}\n";
}

}  // namespace stresskit::metrics
