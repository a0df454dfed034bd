#include "thingsboard/json.hpp"

#include "thingsboard/numbers.hpp"

#include <nlohmann/json.hpp>

namespace stresskit::thingsboard {

namespace {

using nlohmann::json;

std::string id_of(const json& owner, const char* key = "id") {
  return owner.at(key).at("id").get<std::string>();
}

json entity_id(const char* type, const std::string& id) {
  return {{"entityType", type}, {"id", id}};
}

json text_or_null(const std::string& text) {
  return text.empty() ? json() : json(text);
}

Device to_device(const json& object) {
  Device device;
  device.id = id_of(object);
  device.name = object.at("name").get<std::string>();
  device.label = text_or_empty(object, "label");
  device.type = text_or_empty(object, "type");
  device.profile_id = id_of(object, "deviceProfileId");
  return device;
}

Profile to_profile(const json& object) {
  return {id_of(object), object.at("name").get<std::string>(),
          text_or_empty(object, "transportType")};
}

}  // namespace

std::string text_or_empty(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

User read_user(std::string_view body) {
  const json user = json::parse(body);
  return {user.at("email").get<std::string>(), user.at("authority").get<std::string>(),
          id_of(user, "tenantId")};
}

ServerInfo read_server_info(std::string_view body) {
  const json document = json::parse(body);
  return {document.at("version").get<std::string>(), text_or_empty(document, "type")};
}

Device read_device(std::string_view body) {
  return to_device(json::parse(body));
}

DevicePage read_device_page(std::string_view body) {
  const json document = json::parse(body);
  DevicePage page;
  for (const json& device : document.at("data")) {
    page.devices.push_back(to_device(device));
  }
  page.total = whole_number(document.at("totalElements"));
  page.has_next = document.at("hasNext").get<bool>();
  return page;
}

Credentials read_credentials(std::string_view body) {
  const json document = json::parse(body);
  return {document.at("credentialsType").get<std::string>(),
          text_or_empty(document, "credentialsId")};
}

Attributes read_attributes(std::string_view body) {
  Attributes out;
  for (const json& entry : json::parse(body)) {
    const json& value = entry.at("value");
    AttributeValue& slot = out[entry.at("key").get<std::string>()];
    if (value.is_boolean()) {
      slot = value.get<bool>();
    } else if (value.is_number_integer()) {
      slot = value.get<std::int64_t>();
    } else if (value.is_number()) {
      slot = value.get<double>();
    } else if (value.is_string()) {
      slot = value.get<std::string>();
    } else {
      out.erase(entry.at("key").get<std::string>());
    }
  }
  return out;
}

Profile read_profile(std::string_view body) {
  return to_profile(json::parse(body));
}

ProfilePage read_profile_page(std::string_view body) {
  const json document = json::parse(body);
  ProfilePage page;
  for (const json& profile : document.at("data")) {
    page.profiles.push_back(to_profile(profile));
  }
  page.has_next = document.at("hasNext").get<bool>();
  return page;
}

json new_device(const NewDevice& device) {
  json out{{"name", device.name}, {"label", text_or_null(device.label)}};
  if (!device.profile_id.empty()) {
    out["deviceProfileId"] = entity_id("DEVICE_PROFILE", device.profile_id);
  } else if (!device.type.empty()) {
    out["type"] = device.type;
  }
  return out;
}

json changed_device(json document, const DeviceChange& change) {
  document["label"] = text_or_null(change.label);
  if (!change.profile_id.empty()) {
    document["deviceProfileId"] = entity_id("DEVICE_PROFILE", change.profile_id);
  } else if (!change.type.empty() && change.type != text_or_empty(document, "type")) {
    // With a profile the server would overwrite the type by that profile's name.
    document["deviceProfileId"] = json();
    document["type"] = change.type;
  }
  return document;
}

json write_attributes(const Attributes& attributes) {
  json out = json::object();
  for (const auto& [key, value] : attributes) {
    std::visit([&out, &name = key](const auto& v) { out[name] = v; }, value);
  }
  return out;
}

}  // namespace stresskit::thingsboard
