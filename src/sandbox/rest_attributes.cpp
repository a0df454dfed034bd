// Attributes (TelemetryController.java).
#include "sandbox/rest_endpoints.hpp"
#include "sandbox/rest_telemetry_entity.hpp"
#include "sandbox/server_clock.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace stresskit::sandbox {
namespace {

using nlohmann::json;

constexpr const char* save_attributes =
    "Required request body is missing: public org.springframework.web.context.request.async."
    "DeferredResult<org.springframework.http.ResponseEntity> org.thingsboard.server.controller."
    "TelemetryController.saveEntityAttributesV1(java.lang.String,java.lang.String,org.thingsboard."
    "server.common.data.AttributeScope,java.lang.String) throws org.thingsboard.server.common.data."
    "exception.ThingsboardException";

Scope require_scope(const std::string& name) {
  const auto scope = parse_scope(name);
  if (scope) return *scope;
  throw bad_request(fmt::format(
      "Method parameter 'scope': Failed to convert value of type 'java.lang.String' to required "
      "type 'org.thingsboard.server.common.data.AttributeScope'; Failed to convert from type "
      "[java.lang.String] to type [@io.swagger.v3.oas.annotations.Parameter @org.springframework."
      "web.bind.annotation.PathVariable org.thingsboard.server.common.data.AttributeScope] for "
      "value [{}]",
      name));
}

Refusal text_refusal(int status, std::string text) {
  return Refusal(text_answer(status, std::move(text)));
}

json read_attributes(const RestCall& call) {
  json body = parse_typed(call.body);
  if (body.is_discarded()) throw text_refusal(400, "Invalid JSON");
  if (!body.is_object()) throw text_refusal(400, "Request is not a JSON object");
  const bool has_null =
      std::any_of(body.begin(), body.end(), [](const json& value) { return value.is_null(); });
  if (has_null) throw Refusal(500, code_general, "Can't parse value: null");
  if (body.empty()) throw text_refusal(400, "No attributes data found in request body!");
  return body;
}

Answer save(Platform& platform, const RestCall& call, const std::string& type,
            const std::string& id, const std::string& scope_name) {
  const Scope scope = require_scope(scope_name);
  if (call.body.empty()) throw Refusal(500, code_general, save_attributes);
  const std::string device = require_entity(type, id);
  if (scope == Scope::client) throw text_refusal(400, "Invalid scope: " + scope_name);
  const json body = read_attributes(call);
  require_access(platform, call, device);
  for (const auto& [key, value] : body.items()) {
    platform.attributes.save(device, scope, key, to_value(value), now_ms());
  }
  return empty_answer();
}

/// The attributes a call asks for, in the order of its keys if it names any.
std::vector<Attribute> select(const Platform& platform, const RestCall& call) {
  const std::string device = require_entity(call.path_values[0], call.path_values[1]);
  std::optional<Scope> scope;
  if (call.path_values.size() > 2) scope = require_scope(call.path_values[2]);
  require_access(platform, call, device);
  const auto all = platform.attributes.list(device, scope);
  const auto keys = read_keys(call);
  if (keys.empty()) return all;
  std::vector<Attribute> selected;
  for (const std::string& key : keys) {
    std::copy_if(all.begin(), all.end(), std::back_inserter(selected),
                 [&](const Attribute& attribute) { return attribute.key == key; });
  }
  return selected;
}

Answer values(const Platform& platform, const RestCall& call) {
  json body = json::array();
  for (const Attribute& attribute : select(platform, call)) {
    body.push_back({{"lastUpdateTs", attribute.updated_ms},
                    {"key", attribute.key},
                    {"value", to_json(attribute.value, true)}});
  }
  return json_answer(body);
}

Answer keys(const Platform& platform, const RestCall& call) {
  json body = json::array();
  for (const Attribute& attribute : select(platform, call)) body.push_back(attribute.key);
  return json_answer(body);
}

Answer remove(Platform& platform, const RestCall& call) {
  const std::string device = require_entity(call.path_values[0], call.path_values[1]);
  const Scope scope = require_scope(call.path_values[2]);
  const auto names = read_keys(call);
  if (names.empty()) throw text_refusal(400, "Empty keys: []");
  require_access(platform, call, device);
  for (const std::string& key : names) platform.attributes.erase(device, scope, key);
  return empty_answer();
}

}  // namespace

void add_attribute_routes(Router& router, Platform& platform) {
  const std::string root = "/api/plugins/telemetry/";
  router.add("POST", root + "{}/{}", Access::any_user, [&](const RestCall& call) {
    return save(platform, call, "DEVICE", call.path_values[0], call.path_values[1]);
  });
  for (const char* path : {"{}/{}/{}", "{}/{}/attributes/{}"}) {
    router.add("POST", root + path, Access::any_user, [&](const RestCall& call) {
      return save(platform, call, call.path_values[0], call.path_values[1], call.path_values[2]);
    });
  }
  for (const char* path : {"{}/{}/values/attributes", "{}/{}/values/attributes/{}"}) {
    router.add("GET", root + path, Access::any_user,
               [&](const RestCall& call) { return values(platform, call); });
  }
  for (const char* path : {"{}/{}/keys/attributes", "{}/{}/keys/attributes/{}"}) {
    router.add("GET", root + path, Access::any_user,
               [&](const RestCall& call) { return keys(platform, call); });
  }
  router.add("DELETE", root + "{}/{}/{}", Access::any_user,
             [&](const RestCall& call) { return remove(platform, call); });
}

}  // namespace stresskit::sandbox
