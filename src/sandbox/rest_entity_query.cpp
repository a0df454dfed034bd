// Entity queries: the one way to read what the server counts of itself (EntityQueryController.java;
// QUEUE_STATS has no telemetry endpoint).
#include "sandbox/rest_endpoints.hpp"
#include "sandbox/rest_queue_stats.hpp"
#include "sandbox/server_clock.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

namespace stresskit::sandbox {
namespace {

using nlohmann::json;

/// What an entity can be asked for.
struct Entity {
  std::string type;
  std::string id;
  std::map<std::string, std::string> fields;
  std::map<std::string, std::pair<std::int64_t, std::string>> series;  ///< time and latest value
};

/// Monthly totals stand at the start of the month, whenever they were written.
std::int64_t start_of_month() {
  using namespace std::chrono;
  const sys_time<milliseconds> now{milliseconds(now_ms())};
  const year_month_day today{floor<days>(now)};
  return sys_time<milliseconds>(sys_days(today.year() / today.month() / 1))
      .time_since_epoch()
      .count();
}

Entity queue_entity(const Platform& platform) {
  Entity entity{"QUEUE_STATS", platform.queue_stats_id, {}, {}};
  entity.fields = {{"name", fmt::format("{}_{}", queue_name, service_id)},
                   {"queueName", queue_name},
                   {"serviceId", service_id}};
  if (const auto row = platform.figures.queue()) {
    const auto put = [&](const char* key, std::uint64_t value) {
      entity.series[key] = {row->ts, std::to_string(value)};
    };
    put("totalMsgs", row->total());
    put("successfulMsgs", row->successful);
    put("failedMsgs", row->failed);
    put("timeoutMsgs", row->timed_out);
    put("tmpFailed", 0);
    put("tmpTimeout", 0);
  }
  return entity;
}

Entity usage_entity(const Platform& platform) {
  const UsageFigures usage = platform.figures.usage();
  const std::int64_t month = start_of_month();
  Entity entity{"API_USAGE_STATE", platform.usage_state_id, {}, {}};
  entity.series = {
      {"transportMsgCount", {month, std::to_string(usage.transport_messages)}},
      {"transportDataPointsCount", {month, std::to_string(usage.transport_points)}},
      {"storageDataPointsCount", {month, std::to_string(usage.storage_points)}},
      {"transportApiState", {now_ms(), platform.quota_reached() ? "DISABLED" : "ENABLED"}}};
  return entity;
}

bool lists(const json& ids, const std::string& id) {
  return ids.is_array() && std::find(ids.begin(), ids.end(), json(id)) != ids.end();
}

std::vector<Entity> find_entities(const Platform& platform, const RestCall& call,
                                  const json& filter) {
  const std::string type = filter.value("type", "");
  const std::string entity_type = filter.value("entityType", "");
  const bool is_tenant = call.caller->user.authority == Authority::tenant_admin;
  if (type == "apiUsageState") {
    return is_tenant ? std::vector{usage_entity(platform)} : std::vector<Entity>();
  }
  if (entity_type != "QUEUE_STATS" || (type != "entityType" && type != "entityList")) {
    throw bad_request("The sandbox answers queries for QUEUE_STATS and apiUsageState, not \"" +
                      filter.dump() + "\"");
  }
  // Made with the first message of the tenant; nobody else has one.
  if (!is_tenant || !platform.figures.queue_created()) return {};
  const Entity queue = queue_entity(platform);
  if (type == "entityList" && !lists(filter.value("entityList", json()), queue.id)) return {};
  return {queue};
}

json latest(const Entity& entity, const json& query) {
  json latest = json::object();
  for (const char* list : {"entityFields", "latestValues"}) {
    for (const json& wish : query.value(list, json::array())) {
      const std::string type = wish.at("type");
      const std::string key = wish.at("key");
      std::pair<std::int64_t, std::string> value;  // never written: 0 and ""
      if (const auto field = entity.fields.find(key);
          type == "ENTITY_FIELD" && field != entity.fields.end()) {
        value = {now_ms(), field->second};
      } else if (const auto series = entity.series.find(key);
                 type == "TIME_SERIES" && series != entity.series.end()) {
        value = series->second;
      }
      latest[type][key] = {{"ts", value.first}, {"value", value.second}};
    }
  }
  return latest;
}

Answer find(const Platform& platform, const RestCall& call) {
  const json query = json_body(
      call,
      "public org.thingsboard.server.common.data.page.PageData<org.thingsboard.server.common.data."
      "query.EntityData> org.thingsboard.server.controller.EntityQueryController."
      "findEntityDataByQuery(org.thingsboard.server.common.data.query.EntityDataQuery) throws org."
      "thingsboard.server.common.data.exception.ThingsboardException");
  json data = json::array();
  for (const Entity& entity : find_entities(platform, call, query.at("entityFilter"))) {
    data.push_back({{"entityId", entity_id(entity.type, entity.id)},
                    {"latest", latest(entity, query)},
                    {"timeseries", json::object()},
                    {"aggLatest", json::object()}});
  }
  const std::size_t found = data.size();
  return json_answer({{"data", std::move(data)},
                      {"totalPages", found},
                      {"totalElements", found},
                      {"hasNext", false}});
}

}  // namespace

void add_entity_query_routes(Router& router, const Platform& platform) {
  router.add("POST", "/api/entitiesQuery/find", Access::any_user,
             [&](const RestCall& call) { return find(platform, call); });
}

}  // namespace stresskit::sandbox
