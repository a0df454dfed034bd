// Devices: create, update, find, list, delete (DeviceController.java, EntityQueryController.java).
#include "sandbox/rest_credentials.hpp"
#include "sandbox/rest_endpoints.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace stresskit::sandbox {
namespace {

using nlohmann::json;

constexpr const char* save_device =
    "public org.thingsboard.server.common.data.Device "
    "org.thingsboard.server.controller.DeviceController.saveDevice(org.thingsboard.server.common."
    "data.Device,java.lang.String,org.thingsboard.server.common.data.NameConflictPolicy,java.lang."
    "String,org.thingsboard.server.common.data.UniquifyStrategy) throws java.lang.Exception";
constexpr const char* save_with_credentials =
    "public org.thingsboard.server.common.data.Device org.thingsboard.server.controller."
    "DeviceController.saveDeviceWithCredentials";
constexpr const char* count_entities =
    "public long org.thingsboard.server.controller.EntityQueryController.countEntitiesByQuery";

json device_json(const Platform& platform, const Device& device) {
  return {{"id", entity_id("DEVICE", device.id)},
          {"createdTime", device.created_ms},
          {"tenantId", entity_id("TENANT", platform.accounts.tenant_id())},
          {"customerId", entity_id("CUSTOMER", std::string(null_uuid))},
          {"name", device.name},
          {"type", device.type},
          {"label", device.label ? json(*device.label) : json()},
          {"deviceProfileId", entity_id("DEVICE_PROFILE", device.profile_id)},
          {"firmwareId", nullptr},
          {"softwareId", nullptr},
          {"externalId", nullptr},
          {"version", device.version},
          {"additionalInfo", json::parse(device.additional_info)},
          {"deviceData",
           {{"configuration", {{"type", "DEFAULT"}}},
            {"transportConfiguration", {{"type", "DEFAULT"}}}}}};
}

json info_json(const Platform& platform, const Device& device) {
  json info = device_json(platform, device);
  info["customerTitle"] = nullptr;
  info["customerIsPublic"] = false;
  info["deviceProfileName"] = device.type;
  info["active"] = platform.is_active(device.id);
  return info;
}

template <class Convert>
json page_json(const Page<Device>& page, Convert convert) {
  json data = json::array();
  for (const Device& device : page.data) data.push_back(convert(device));
  return {{"data", std::move(data)},
          {"totalPages", page.pages},
          {"totalElements", page.total},
          {"hasNext", page.has_next}};
}

std::optional<std::string> text_member(const json& body, const char* name) {
  const auto found = body.find(name);
  if (found == body.end() || found->is_null()) return std::nullopt;
  return found->is_string() ? found->get<std::string>() : found->dump();
}

DeviceDraft read_draft(const json& body) {
  DeviceDraft draft;
  draft.id = read_entity_id(body, "id");
  draft.name = text_member(body, "name").value_or("");
  draft.type = text_member(body, "type").value_or("");
  draft.label = text_member(body, "label");
  draft.profile_id = read_entity_id(body, "deviceProfileId").value_or("");
  if (const auto version = body.find("version");
      version != body.end() && version->is_number_integer()) {
    draft.version = version->get<std::int64_t>();
  }
  if (const auto info = body.find("additionalInfo"); info != body.end()) {
    draft.additional_info = info->dump();
    draft.is_gateway = info->is_object() && info->value("gateway", false);
  }
  return draft;
}

NameConflict read_conflict(const RestCall& call) {
  NameConflict conflict;
  conflict.uniquify = call.parameter_or("nameConflictPolicy", "FAIL") == "UNIQUIFY";
  conflict.separator = call.parameter_or("uniquifySeparator", "_");
  conflict.incremental = call.parameter_or("uniquifyStrategy", "RANDOM") == "INCREMENTAL";
  return conflict;
}

Refusal device_not_found(const std::string& id) {
  return {404, code_not_found, fmt::format("Device with id [{}] is not found", id)};
}

Device require_device(const Platform& platform, const std::string& id) {
  const auto device = platform.devices.find(require_uuid(id));
  if (!device) throw device_not_found(id);
  return *device;
}

Answer save(Platform& platform, const RestCall& call) {
  const DeviceDraft draft = read_draft(json_body(call, save_device));
  if (draft.id) return json_answer(device_json(platform, platform.devices.update(draft)));
  std::optional<Credentials> credentials;
  if (const auto token = call.parameter("accessToken"); token && !token->empty()) {
    credentials.emplace();
    credentials->credentials_id = *token;
  }
  return json_answer(
      device_json(platform, platform.create_device(draft, credentials, read_conflict(call))));
}

Answer save_both(Platform& platform, const RestCall& call) {
  const json body = json_body(call, save_with_credentials);
  for (const char* part : {"device", "credentials"}) {
    const auto found = body.find(part);
    if (found == body.end() || found->is_null()) {
      throw bad_request(fmt::format("Validation error: {} must not be null", part));
    }
  }
  const DeviceDraft draft = read_draft(body.at("device"));
  return json_answer(
      device_json(platform, platform.create_device(draft, read_credentials(body.at("credentials")),
                                                   read_conflict(call))));
}

Answer by_name(const Platform& platform, const std::string& name) {
  const auto device = platform.devices.find_by_name(name);
  if (!device) throw Refusal(404, code_not_found, "Requested item wasn't found!");
  return json_answer(device_json(platform, *device));
}

Answer list(const Platform& platform, const RestCall& call) {
  if (const auto name = call.parameter("deviceName")) return by_name(platform, *name);
  const DeviceFilter filter{call.parameter_or("type", ""), "", nullptr};
  return json_answer(page_json(platform.devices.list(page_query(call), filter),
                               [&](const Device& d) { return device_json(platform, d); }));
}

Answer list_infos(const Platform& platform, const RestCall& call) {
  DeviceFilter filter{call.parameter_or("type", ""), call.parameter_or("deviceProfileId", ""),
                      nullptr};
  if (call.parameter("active")) {
    const bool wanted = call.flag("active", false);
    filter.also = [&platform, wanted](const Device& d) {
      return platform.is_active(d.id) == wanted;
    };
  }
  return json_answer(page_json(platform.devices.list(page_query(call), filter),
                               [&](const Device& d) { return info_json(platform, d); }));
}

Answer by_ids(const Platform& platform, const RestCall& call) {
  json found = json::array();
  const std::string ids = call.parameter_or("deviceIds", "");
  for (std::size_t at = 0; at < ids.size();) {
    const std::size_t end = std::min(ids.find(',', at), ids.size());
    const auto device = platform.devices.find(require_uuid(ids.substr(at, end - at)));
    if (device) found.push_back(device_json(platform, *device));
    at = end + 1;
  }
  return json_answer(found);
}

Answer remove(Platform& platform, const RestCall& call) {
  const std::string id = require_uuid(call.path_values[0]);
  if (!platform.delete_device(id)) throw device_not_found(id);
  return empty_answer();
}

Answer count(const Platform& platform, const RestCall& call) {
  const json body = json_body(call, count_entities);
  const json filter = body.value("entityFilter", json::object());
  if (filter.value("type", "") != "deviceType") {
    throw Refusal(500, code_general, "The sandbox counts by deviceType only");
  }
  const auto types = filter.value("deviceTypes", std::vector<std::string>());
  return json_answer(platform.devices.count(types, filter.value("deviceNameFilter", "")));
}

}  // namespace

void add_device_routes(Router& router, Platform& platform) {
  router.add("POST", "/api/device", Access::tenant,
             [&](const RestCall& call) { return save(platform, call); });
  router.add("POST", "/api/device-with-credentials", Access::tenant,
             [&](const RestCall& call) { return save_both(platform, call); });
  router.add("GET", "/api/tenant/devices", Access::tenant,
             [&](const RestCall& call) { return list(platform, call); });
  router.add("GET", "/api/tenant/device", Access::tenant, [&](const RestCall& call) {
    return by_name(platform, call.parameter_or("deviceName", ""));
  });
  router.add("GET", "/api/tenant/deviceInfos", Access::tenant,
             [&](const RestCall& call) { return list_infos(platform, call); });
  router.add("GET", "/api/devices", Access::users,
             [&](const RestCall& call) { return by_ids(platform, call); });
  router.add("GET", "/api/device/{}", Access::users, [&](const RestCall& call) {
    return json_answer(device_json(platform, require_device(platform, call.path_values[0])));
  });
  router.add("DELETE", "/api/device/{}", Access::tenant,
             [&](const RestCall& call) { return remove(platform, call); });
  router.add("POST", "/api/entitiesQuery/count", Access::users,
             [&](const RestCall& call) { return count(platform, call); });
}

}  // namespace stresskit::sandbox
