#include "thingsboard/figures_json.hpp"

#include "thingsboard/numbers.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <string>

namespace stresskit::thingsboard {

namespace {

using nlohmann::json;

std::uint64_t number(const std::string& text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// The latest value of a time series in a row of an entity query; 0 when it was never written.
std::uint64_t latest(const json& row, const char* key) {
  const json& series = row.at("latest").at("TIME_SERIES");
  const auto found = series.find(key);
  return found == series.end() ? 0 : number(found->at("value").get<std::string>());
}

json query(json filter, json fields, std::initializer_list<const char*> keys) {
  json values = json::array();
  for (const char* key : keys) {
    values.push_back({{"type", "TIME_SERIES"}, {"key", key}});
  }
  return {{"entityFilter", std::move(filter)},
          {"pageLink", {{"page", 0}, {"pageSize", 100}}},
          {"entityFields", std::move(fields)},
          {"latestValues", std::move(values)},
          {"keyFilters", json::array()}};
}

}  // namespace

Usage read_usage(std::string_view body) {
  const json usage = json::parse(body);
  const auto count = [&](const char* key) { return whole_number(usage.at(key)); };
  return {count("devices"), count("maxDevices"), count("transportMessages"),
          count("maxTransportMessages")};
}

SystemInfo read_system_info(std::string_view body) {
  SystemInfo info;
  const json document = json::parse(body);
  for (const json& service : document.at("systemData")) {
    info.cpu_percent = std::max(info.cpu_percent, service.at("cpuUsage").get<double>());
    info.memory_percent = std::max(info.memory_percent, service.at("memoryUsage").get<double>());
  }
  return info;
}

TenantProfile read_tenant_profile(std::string_view body) {
  const json profile = json::parse(body);
  const json& configuration = profile.at("profileData").at("configuration");
  const auto rate = [&](const char* key) {
    const auto found = configuration.find(key);
    return found != configuration.end() && found->is_string() ? found->get<std::string>()
                                                              : std::string();
  };
  const auto days = configuration.find("defaultStorageTtlDays");
  const bool told = days != configuration.end() && !days->is_null();
  return {profile.at("name").get<std::string>(), rate("transportTenantMsgRateLimit"),
          rate("transportTenantTelemetryMsgRateLimit"),
          rate("transportTenantTelemetryDataPointsRateLimit"), told ? whole_number(*days) : 0};
}

json point_counters_query() {
  return query({{"type", "apiUsageState"}}, json::array(),
               {"transportMsgCount", "transportDataPointsCount", "storageDataPointsCount"});
}

PointCounters read_point_counters(std::string_view body) {
  const json document = json::parse(body);
  PointCounters counters;
  for (const json& row : document.at("data")) {
    counters.transport_messages += latest(row, "transportMsgCount");
    counters.transport_points += latest(row, "transportDataPointsCount");
    counters.storage_points += latest(row, "storageDataPointsCount");
  }
  return counters;
}

json queue_stats_query() {
  return query({{"type", "entityType"}, {"entityType", "QUEUE_STATS"}},
               json::array({{{"type", "ENTITY_FIELD"}, {"key", "name"}}}),
               {"totalMsgs", "successfulMsgs", "failedMsgs", "timeoutMsgs"});
}

std::vector<QueueStats> read_queue_stats(std::string_view body) {
  const json document = json::parse(body);
  std::vector<QueueStats> queues;
  for (const json& row : document.at("data")) {
    const json& latest_values = row.at("latest");
    QueueStats queue;
    queue.name = latest_values.at("ENTITY_FIELD").at("name").at("value").get<std::string>();
    const json& series = latest_values.at("TIME_SERIES");
    if (const auto total = series.find("totalMsgs"); total != series.end()) {
      queue.ts = time_ms(total->at("ts"));
    }
    queue.total = latest(row, "totalMsgs");
    queue.successful = latest(row, "successfulMsgs");
    queue.failed = latest(row, "failedMsgs");
    queue.timed_out = latest(row, "timeoutMsgs");
    queues.push_back(std::move(queue));
  }
  return queues;
}

}  // namespace stresskit::thingsboard
