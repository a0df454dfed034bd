#include "metrics/rows.hpp"

#include <fmt/format.h>

#include <cmath>

namespace stresskit::metrics {

namespace {

void put_failure(Json& json, const std::optional<fleet::Failure>& failure) {
  if (failure) {
    json["stage"] = fleet::to_string(failure->stage);
    json["bucket"] = fleet::to_string(failure->bucket);
    json["detail"] = failure->detail;
  }
}

}  // namespace

double rounded(double value) {
  return std::round(value * 1e3) / 1e3 + 0.0;  // + 0.0: never "-0.0"
}

void put_conclusions(Json& json, const Snapshot& s) {
  json["verdict"] = {{"kind", to_string(s.verdict.kind)}, {"sentence", s.verdict.sentence}};
  json["broke_first"] = {
      {"side", to_string(s.broke_first.side)},
      {"from_burst", s.broke_first.from_burst ? Json(*s.broke_first.from_burst) : Json(nullptr)},
      {"evidence", s.broke_first.evidence}};
}

std::string line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json event_json(const Event& event) {
  Json json{{"t", rounded(event.at_s)}};
  switch (event.type) {
    case Event::Type::phase: {
      const std::size_t slash = event.words.find('/');
      json["type"] = "phase";
      json["status"] = event.words.substr(0, slash);
      json["phase"] = event.words.substr(slash + 1);
      break;
    }
    case Event::Type::device:
      json["type"] = "device";
      json["device"] = event.device;
      json["state"] = to_string(event.state);
      put_failure(json, event.failure);
      break;
    case Event::Type::failure:
      json["type"] = "failure";
      put_failure(json, event.failure);
      json["count"] = event.count;
      break;
    case Event::Type::collapse:
    case Event::Type::recovery:
      json["type"] = event.type == Event::Type::collapse ? "collapse" : "recovery";
      json["at_s"] = rounded(event.since_due_s);
      break;
    case Event::Type::threshold:
      json["type"] = "threshold";
      json["threshold"] = event.words;
      json["actual"] = event.actual;
      break;
  }
  return json;
}

Json histogram_json(const HistogramKey& key, const Histogram& histogram, double at_s) {
  Json json{{"t", rounded(at_s)}, {"metric", to_string(key.metric)}};
  if (is_of_bursts(key.metric)) {
    json["stage"] = key.stage;
    json["warmup"] = key.warmup;
  }
  json["max_us"] = histogram.max_us();
  json["sum_us"] = histogram.sum_us();
  json["counts"] = Json::array();
  const auto& buckets = histogram.buckets();
  std::size_t last = 0;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    if (buckets[i] > 0) {
      json["counts"].push_back(i - last);
      json["counts"].push_back(buckets[i]);
      last = i;
    }
  }
  return json;
}

std::string timeline_row(const Snapshot& s) {
  const Counters& t = s.totals;
  return fmt::format(
      "{:.3f},{:.3f},{},{},{},{},{},{},{},{},{},{},{},{},{},{:.6f},{:.4f},{:.3f},{}\n",
      s.updated_at, s.elapsed_s, s.connected, s.disconnected, s.failed, s.connecting, t.planned(),
      t.sent(), t.acknowledged(), t.failed(), t.skipped(), t.lost(), t.in_flight(),
      t.unacknowledged(), s.reconnects, s.volume_mb, s.generator.cpu_share,
      s.generator.loop_lag_ms_p99, s.generator.tcp_retransmits);
}

}  // namespace stresskit::metrics
