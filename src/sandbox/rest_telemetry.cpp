// Time series (TelemetryController.java, BaseTimeseriesService.java).
#include "sandbox/rest_endpoints.hpp"
#include "sandbox/rest_telemetry_entity.hpp"
#include "sandbox/server_clock.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>

namespace stresskit::sandbox {
namespace {

using nlohmann::json;

constexpr std::int64_t most_intervals = 700;      // thingsboard.yml: database.ts_max_intervals
constexpr std::int64_t shortest_interval = 1000;  // for that limit alone

constexpr const char* save_telemetry =
    "Required request body is missing: public org.springframework.web.context.request.async."
    "DeferredResult<org.springframework.http.ResponseEntity> org.thingsboard.server.controller."
    "TelemetryController.saveEntityTelemetry(java.lang.String,java.lang.String,java.lang.String,"
    "java.lang.String) throws org.thingsboard.server.common.data.exception.ThingsboardException";

Refusal text_refusal(int status, std::string text) {
  return Refusal(text_answer(status, std::move(text)));
}

Aggregation require_aggregation(const std::string& name) {
  constexpr std::pair<std::string_view, Aggregation> known[] = {
      {"NONE", Aggregation::none}, {"COUNT", Aggregation::count}, {"SUM", Aggregation::sum},
      {"AVG", Aggregation::avg},   {"MIN", Aggregation::min},     {"MAX", Aggregation::max}};
  const auto* found = std::find_if(std::begin(known), std::end(known),
                                   [&](const auto& k) { return k.first == name; });
  if (found == std::end(known)) {
    throw bad_request("No enum constant org.thingsboard.server.common.data.kv.Aggregation." + name);
  }
  return found->second;
}

std::int64_t number_or(const RestCall& call, const std::string& name, std::int64_t fallback) {
  const auto text = call.parameter(name);
  return text && !text->empty() ? require_number(name, *text, "java.lang.Long") : fallback;
}

HistoryQuery read_query(const RestCall& call) {
  HistoryQuery query;
  query.start = number_or(call, "startTs", 0);
  query.end = number_or(call, "endTs", 0);
  query.interval = number_or(call, "interval", 0);
  query.limit = static_cast<std::size_t>(std::max<std::int64_t>(0, number_or(call, "limit", 100)));
  query.ascending = call.parameter_or("orderBy", "DESC") == "ASC";
  query.aggregation = require_aggregation(call.parameter_or("agg", "NONE"));
  // Without an interval the platform silently drops the aggregation.
  if (query.interval == 0) query.aggregation = Aggregation::none;
  return query;
}

void validate(const HistoryQuery& query) {
  if (query.aggregation == Aggregation::none) return;
  const std::int64_t intervals =
      (query.end - query.start) / std::max(query.interval, shortest_interval);
  if (intervals < 0 || intervals > most_intervals) {
    throw text_refusal(
        400,
        fmt::format("Incorrect TsKvQuery. Number of intervals is to high - {}. Please increase "
                    "'interval' parameter for your query or reduce the time range of the "
                    "query.",
                    intervals));
  }
  if (query.interval < 1) {
    throw text_refusal(400, "Invalid TsKvQuery: 'interval' must be greater than 0");
  }
}

json sample_json(const Sample& sample, bool strict) {
  return {{"ts", sample.ts}, {"value", to_json(sample.value, strict)}};
}

Answer history(const Platform& platform, const RestCall& call, const std::string& device) {
  const HistoryQuery query = read_query(call);
  require_access(platform, call, device);
  validate(query);
  const bool strict = call.flag("useStrictDataTypes", false);
  json body = json::object();
  for (const std::string& key : read_keys(call)) {
    json samples = json::array();
    for (const Sample& sample : platform.telemetry.history(device, key, query)) {
      samples.push_back(sample_json(sample, strict));
    }
    if (!samples.empty()) body[key] = std::move(samples);
  }
  return json_answer(body);
}

Answer latest(const Platform& platform, const RestCall& call, const std::string& device) {
  require_access(platform, call, device);
  const bool strict = call.flag("useStrictDataTypes", false);
  auto keys = read_keys(call);
  if (keys.empty()) keys = platform.telemetry.keys(device);
  json body = json::object();
  for (const std::string& key : keys) {
    const auto sample = platform.telemetry.latest(device, key);
    body[key] = json::array(
        {sample ? sample_json(*sample, strict) : json{{"ts", now_ms()}, {"value", nullptr}}});
  }
  return json_answer(body);
}

Answer values(const Platform& platform, const RestCall& call) {
  const std::string device = require_entity(call.path_values[0], call.path_values[1]);
  const bool has_range = call.parameter("startTs") && call.parameter("endTs");
  return has_range ? history(platform, call, device) : latest(platform, call, device);
}

Answer keys(const Platform& platform, const RestCall& call) {
  const std::string device = require_entity(call.path_values[0], call.path_values[1]);
  require_access(platform, call, device);
  return json_answer(platform.telemetry.keys(device));
}

Answer save(Platform& platform, const RestCall& call) {
  if (call.body.empty()) throw Refusal(500, code_general, save_telemetry);
  const std::string device = require_entity(call.path_values[0], call.path_values[1]);
  auto readings = parse_telemetry(call.body, now_ms());
  if (!readings) {
    const PayloadProblem& problem = readings.error();
    throw text_refusal(
        400, problem.not_json
                 ? "Unable to parse time series payload: Invalid JSON body!"
                 : "Unable to parse time series payload. Invalid JSON body: " + problem.reason);
  }
  if (readings->empty()) throw text_refusal(400, "No time series data found in request body!");
  require_access(platform, call, device);
  platform.telemetry.save(device, std::move(*readings));
  return empty_answer();
}

Answer remove(Platform& platform, const RestCall& call) {
  const std::string device = require_entity(call.path_values[0], call.path_values[1]);
  const auto names = read_keys(call);
  if (names.empty()) throw text_refusal(400, "Empty keys: []");
  const bool all = call.flag("deleteAllDataForKeys", false);
  if (!all && (!call.parameter("startTs") || !call.parameter("endTs"))) {
    throw text_refusal(400,
                       "When deleteAllDataForKeys is false, start and end timestamp values "
                       "shouldn't be empty");
  }
  require_access(platform, call, device);
  // "All" reaches to the server's now: points with a later time survive.
  const std::int64_t start = all ? 0 : number_or(call, "startTs", 0);
  const std::int64_t end = all ? now_ms() : number_or(call, "endTs", 0);
  for (const std::string& key : names) platform.telemetry.erase(device, key, start, end);
  return empty_answer();
}

}  // namespace

std::string require_entity(const std::string& type, const std::string& id) {
  // The platform has no such endpoint for these: entity queries only.
  if (type == "QUEUE_STATS") throw Refusal(500, code_general, "Not Implemented!");
  if (type != "DEVICE") {
    throw bad_request("No enum constant org.thingsboard.server.common.data.EntityType." + type);
  }
  return require_uuid(id);
}

void require_access(const Platform& platform, const RestCall& call, const std::string& device) {
  if (call.caller->user.authority == Authority::sys_admin) {
    throw text_refusal(403, "System administrator is not allowed to perform this operation!");
  }
  if (!platform.devices.contains(device)) {
    throw text_refusal(404, "Device with requested id wasn't found!");
  }
  if (call.caller->user.authority == Authority::customer_user) {
    throw text_refusal(403, "You don't have permission to perform this operation!");
  }
}

std::vector<std::string> read_keys(const RestCall& call) {
  std::vector<std::string> keys;
  const auto list = call.parameter_or("keys", "");
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    if (end > at) keys.push_back(list.substr(at, end - at));
    at = end + 1;
  }
  const auto [first, last] = call.query.equal_range("key");
  for (auto one = first; one != last; ++one) keys.push_back(one->second);
  return keys;
}

void add_telemetry_routes(Router& router, Platform& platform) {
  const std::string root = "/api/plugins/telemetry/{}/{}";
  for (const char* path : {"/timeseries/{}", "/timeseries/{}/{}"}) {
    router.add("POST", root + path, Access::any_user,
               [&](const RestCall& call) { return save(platform, call); });
  }
  for (const char* path : {"/values/timeseries", "/values/timeseries/history"}) {
    router.add("GET", root + path, Access::any_user,
               [&](const RestCall& call) { return values(platform, call); });
  }
  router.add("GET", root + "/keys/timeseries", Access::any_user,
             [&](const RestCall& call) { return keys(platform, call); });
  router.add("DELETE", root + "/timeseries/delete", Access::any_user,
             [&](const RestCall& call) { return remove(platform, call); });
}

}  // namespace stresskit::sandbox
