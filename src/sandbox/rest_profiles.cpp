// Device profiles (DeviceProfileController.java).
#include "sandbox/rest_endpoints.hpp"

#include <nlohmann/json.hpp>

namespace stresskit::sandbox {
namespace {

using nlohmann::json;

constexpr const char* save_profile =
    "public org.thingsboard.server.common.data.DeviceProfile org.thingsboard.server.controller."
    "DeviceProfileController.saveDeviceProfile(org.thingsboard.server.common.data.DeviceProfile) "
    "throws java.lang.Exception";

json info_json(const Platform& platform, const Profile& profile) {
  return {{"id", entity_id("DEVICE_PROFILE", profile.id)},
          {"tenantId", entity_id("TENANT", platform.accounts.tenant_id())},
          {"name", profile.name},
          {"image", nullptr},
          {"defaultDashboardId", nullptr},
          {"type", "DEFAULT"},
          {"transportType", "DEFAULT"}};
}

json profile_json(const Platform& platform, const Profile& profile) {
  json body = info_json(platform, profile);
  for (const char* unset : {"defaultRuleChainId", "defaultQueueName", "provisionDeviceKey",
                            "firmwareId", "softwareId", "defaultEdgeRuleChainId", "externalId"}) {
    body[unset] = nullptr;
  }
  body["createdTime"] = profile.created_ms;
  body["description"] = json::parse(profile.description);
  body["provisionType"] = "DISABLED";
  body["version"] = 1;
  body["default"] = false;
  body["profileData"] = json::parse(profile.profile_data);
  // The platform fills this in whatever was sent.
  body["profileData"]["provisionConfiguration"] = {{"type", "DISABLED"},
                                                   {"provisionDeviceSecret", nullptr}};
  return body;
}

Answer list(const Platform& platform, const RestCall& call) {
  const Page<Profile> page = platform.devices.list_profiles(page_query(call));
  json data = json::array();
  for (const Profile& profile : page.data) data.push_back(info_json(platform, profile));
  return json_answer({{"data", std::move(data)},
                      {"totalPages", page.pages},
                      {"totalElements", page.total},
                      {"hasNext", page.has_next}});
}

Answer by_id(const Platform& platform, const RestCall& call) {
  const std::string id = require_uuid(call.path_values[0]);
  const auto profile = platform.devices.find_profile(id);
  if (!profile) {
    throw Refusal(404, code_not_found, "Device profile with id [" + id + "] is not found");
  }
  return json_answer(info_json(platform, *profile));
}

Answer create(Platform& platform, const RestCall& call) {
  const json body = json_body(call, save_profile);
  Profile profile;
  profile.name = body.value("name", "");
  profile.description = body.value("description", json()).dump();
  profile.profile_data = body.value("profileData", json::object()).dump();
  return json_answer(profile_json(platform, platform.devices.create_profile(std::move(profile))));
}

}  // namespace

void add_profile_routes(Router& router, Platform& platform) {
  router.add("GET", "/api/deviceProfileInfo/default", Access::users, [&](const RestCall&) {
    return json_answer(info_json(platform, platform.devices.default_profile()));
  });
  router.add("GET", "/api/deviceProfileInfo/{}", Access::users,
             [&](const RestCall& call) { return by_id(platform, call); });
  router.add("GET", "/api/deviceProfileInfos", Access::users,
             [&](const RestCall& call) { return list(platform, call); });
  router.add("POST", "/api/deviceProfile", Access::tenant,
             [&](const RestCall& call) { return create(platform, call); });
}

}  // namespace stresskit::sandbox
