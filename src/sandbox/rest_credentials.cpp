// Device credentials (DeviceController.java, DeviceCredentialsServiceImpl.java).
#include "sandbox/rest_credentials.hpp"

#include "sandbox/rest_endpoints.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace stresskit::sandbox {
namespace {

using nlohmann::json;

constexpr const char* update_credentials =
    "public org.thingsboard.server.common.data.security.DeviceCredentials org.thingsboard.server."
    "controller.DeviceController.updateDeviceCredentials(org.thingsboard.server.common.data."
    "security.DeviceCredentials) throws org.thingsboard.server.common.data.exception."
    "ThingsboardException";

std::string text_or_empty(const json& body, const char* name) {
  const auto found = body.find(name);
  return found != body.end() && found->is_string() ? found->get<std::string>() : std::string();
}

json credentials_json(const Credentials& credentials) {
  const bool is_token = credentials.type == CredentialsType::access_token;
  return {{"id", {{"id", credentials.id}}},
          {"createdTime", credentials.created_ms},
          {"deviceId", entity_id("DEVICE", credentials.device_id)},
          {"credentialsType", is_token ? "ACCESS_TOKEN" : "MQTT_BASIC"},
          {"credentialsId", credentials.credentials_id},
          {"credentialsValue", credentials.value ? json(*credentials.value) : json()},
          {"version", credentials.version}};
}

void read_basic(Credentials& credentials, const std::string& value) {
  const json basic = json::parse(value, nullptr, false);
  if (!basic.is_object())
    throw bad_request("Invalid credentials body for simple mqtt credentials!");
  const std::string client_id = text_or_empty(basic, "clientId");
  const std::string user_name = text_or_empty(basic, "userName");
  if (client_id.empty() && user_name.empty()) {
    throw bad_request("Both mqtt client id and user name are empty!");
  }
  if (user_name.empty() && !text_or_empty(basic, "password").empty()) {
    throw bad_request("Client id with password needs a user name!");
  }
  credentials.type = CredentialsType::mqtt_basic;
  credentials.value = value;
  credentials.credentials_id = basic_credentials_id(client_id, user_name);
}

Answer get(const Platform& platform, const RestCall& call) {
  const std::string id = require_uuid(call.path_values[0]);
  const auto credentials = platform.devices.credentials_of(id);
  if (!credentials) {
    throw Refusal(404, code_not_found, fmt::format("Device with id [{}] is not found", id));
  }
  return json_answer(credentials_json(*credentials));
}

Answer update(Platform& platform, const RestCall& call) {
  const json body = json_body(call, update_credentials);
  const auto device = read_entity_id(body, "deviceId");
  if (!device) throw bad_request("Invalid entity id");
  Credentials changed = read_credentials(body);
  changed.device_id = *device;
  if (const auto id = body.find("id"); id != body.end() && id->is_object()) {
    changed.id = text_or_empty(*id, "id");
  }
  const auto version = body.find("version");
  const bool check_version = version != body.end() && version->is_number_integer();
  if (check_version) changed.version = version->get<std::int64_t>();
  return json_answer(credentials_json(platform.update_credentials(changed, check_version)));
}

}  // namespace

Credentials read_credentials(const json& body) {
  Credentials credentials;
  const std::string type = text_or_empty(body, "credentialsType");
  if (type == "ACCESS_TOKEN") {
    credentials.credentials_id = text_or_empty(body, "credentialsId");
  } else if (type == "MQTT_BASIC") {
    read_basic(credentials, text_or_empty(body, "credentialsValue"));
  } else {
    throw bad_request("The sandbox knows ACCESS_TOKEN and MQTT_BASIC, not \"" + type + "\"");
  }
  return credentials;
}

void add_credentials_routes(Router& router, Platform& platform) {
  router.add("GET", "/api/device/{}/credentials", Access::tenant,
             [&](const RestCall& call) { return get(platform, call); });
  router.add("POST", "/api/device/credentials", Access::tenant,
             [&](const RestCall& call) { return update(platform, call); });
}

}  // namespace stresskit::sandbox
