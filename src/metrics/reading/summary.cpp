#include "files.hpp"

#include <algorithm>

namespace stresskit::metrics {

namespace {

Ladder ladder_of(const Json& json) {
  Ladder l;
  l.count = whole(json, "count").value_or(0);
  for (const auto& [into, key] :
       {std::pair{&l.p50, "p50"}, std::pair{&l.p75, "p75"}, std::pair{&l.p90, "p90"},
        std::pair{&l.p95, "p95"}, std::pair{&l.p99, "p99"}, std::pair{&l.p999, "p99.9"},
        std::pair{&l.max, "max"}}) {
    *into = number(json, key).value_or(0);
  }
  return l;
}

/// As good as the rows they are made from, and there when the rows are not.
void take_ladders(const Json& json, Snapshot& into) {
  const Json& latency = member(json, "latency_ms");
  into.ack_from_due = ladder_of(member(latency, "ack_from_due"));
  into.ack_from_write = ladder_of(member(latency, "ack_from_write"));
  into.ack_from_due_with_open = ladder_of(member(latency, "ack_from_due_with_open"));
  into.ack_from_write_with_open = ladder_of(member(latency, "ack_from_write_with_open"));
  into.ack_drain = ladder_of(member(latency, "ack_drain"));
  into.connect = ladder_of(member(latency, "connect"));
  into.connect_tcp = ladder_of(member(latency, "connect_tcp"));
  into.connect_tls = ladder_of(member(latency, "connect_tls"));
  into.connect_connack = ladder_of(member(latency, "connect_connack"));
  into.spread = ladder_of(member(json, "spread_ms"));
  into.release_lateness = ladder_of(member(json, "release_lateness_ms"));
}

void take_fleet(const Json& json, Snapshot& into) {
  into.connecting = whole(json, "connecting_devices").value_or(0);
  into.connected = whole(json, "connected_devices").value_or(0);
  into.disconnected = whole(json, "disconnected_devices").value_or(0);
  into.failed = whole(json, "failed_devices").value_or(0);
  into.reconnects = whole(json, "reconnects").value_or(0);
}

void take_failures(const Json& json, Snapshot& into) {
  const Json& rows = member(json, "failures");
  for (const Json& row : rows.is_array() ? rows : Json::array()) {
    const auto what = failure(row);
    const auto count = whole(row, "count");
    if (what && count) {
      into.failures.push_back({*what, *count});
    }
  }
}

void take_limits(const Json& json, Snapshot& into) {
  const Json& rows = member(json, "limits");
  for (const Json& row : rows.is_array() ? rows : Json::array()) {
    into.limits.push_back({word(row, "name").value_or(""), word(row, "evidence").value_or(""),
                           word(row, "setting").value_or("")});
  }
}

void take_collapses(const Json& json, Snapshot& into) {
  const Json& rows = member(json, "collapses");
  for (const Json& row : rows.is_array() ? rows : Json::array()) {
    if (const auto at = number(row, "at_s")) {
      into.collapses.push_back({*at, number(row, "recovered_at_s")});
    }
  }
}

void take_freshness(const Json& json, Freshness& into) {
  into.devices = whole(json, "devices").value_or(0);
  into.age = ladder_of(member(json, "age_ms"));
  into.failed_polls = whole(json, "failed_polls").value_or(0);
  into.trouble = word(json, "trouble").value_or("");
  into.stored_k = whole(json, "stored_k");
  into.drain_s = number(json, "drain_s").value_or(0);
  into.growth_s_a_burst = number(json, "growth_s_a_burst").value_or(0);
  into.late_from = whole(json, "late_from");
}

void take_health(const Json& json, GeneratorHealth& into) {
  into.cpu_share = number(json, "cpu_share").value_or(0);
  into.busiest_worker_cpu = number(json, "busiest_worker_cpu").value_or(0);
  into.loop_lag_ms_p99 = number(json, "loop_lag_ms_p99").value_or(0);
  into.late_bursts = whole(json, "late_bursts").value_or(0);
  into.slow_bursts = whole(json, "slow_bursts").value_or(0);
  into.missed_bursts = whole(json, "missed_bursts").value_or(0);
  into.open_files = whole(json, "open_files").value_or(0);
  into.tcp_retransmits = whole(json, "tcp_retransmits").value_or(0);
  into.was_bottleneck = yes(json, "was_bottleneck");
}

}  // namespace

std::optional<Json> read_summary(RunRecord& record) {
  std::error_code ignored;
  if (!std::filesystem::exists(record.folder / "summary.json", ignored)) {
    return std::nullopt;  // a killed run, or one that goes on: said in other words
  }
  const auto text = read_whole(record.folder / "summary.json", record.gaps);
  auto json = text ? parse_object(*text) : std::nullopt;
  if (text && !json) {
    record.gaps.emplace_back("summary.json cannot be read");
  }
  return json;
}

void take_summary(const Json& json, Snapshot& into) {
  into.status = Status::stopped;
  into.phase = Phase::none;
  into.updated_at = number(json, "updated_at").value_or(into.started_at);
  into.elapsed_s = number(json, "elapsed_s").value_or(0);
  into.volume_mb = number(json, "total_volume_mb").value_or(0);
  into.bandwidth_mbps = number(json, "bandwidth_mbps").value_or(0);
  into.send_rate_per_device = number(json, "avg_send_rate_per_device").value_or(0);
  into.balanced = member(json, "balanced").is_boolean() ? yes(json, "balanced") : true;
  into.bursts_due = whole(json, "bursts_due").value_or(0);
  into.totals = counters(member(json, "totals")).value_or(Counters());
  into.behind_from = whole(json, "behind_from");
  into.behind_bursts = whole(json, "behind_bursts").value_or(0);
  into.refused_from = whole(json, "refused_from");
  take_fleet(json, into);
  take_ladders(json, into);
  take_failures(json, into);
  take_collapses(json, into);
  take_limits(json, into);
  take_freshness(member(json, "freshness"), into.freshness);
  take_health(member(json, "generator"), into.generator);
}

}  // namespace stresskit::metrics
