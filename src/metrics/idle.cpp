#include "stresskit/metrics/idle.hpp"

#include "stresskit/metrics/metrics_json.hpp"
#include "stresskit/support/files.hpp"

#include <nlohmann/json.hpp>

namespace stresskit::metrics {

support::Result<void> write_idle(const config::Data& data, std::size_t device_count,
                                 support::Clock& clock) {
  Snapshot nothing_yet;
  nothing_yet.status = Status::idle;
  nothing_yet.phase = Phase::none;
  nothing_yet.device_count = device_count;
  nothing_yet.updated_at = support::unix_seconds(clock.wall());
  auto json = nlohmann::ordered_json::parse(to_json(nothing_yet));
  json["message"] = "Provisioned and ready: start the load with run_telemetry.";
  // Nothing has run: keys that only a run has are null.
  for (const char* key : {"run_id", "pid", "started_at", "engine", "write_time"}) {
    json[key] = nullptr;
  }
  return support::replace_file(data.metrics(), json.dump() + "\n");
}

}  // namespace stresskit::metrics
