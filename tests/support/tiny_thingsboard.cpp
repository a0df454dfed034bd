#include "support/tiny_thingsboard.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <utility>

namespace stresskit::test {

namespace {

using nlohmann::json;

std::string base64url(std::string_view text) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    bits = (bits << 8U) | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) {
      out += alphabet[(bits >> static_cast<unsigned>(count - 6)) & 0x3FU];
    }
  }
  return count > 0 ? out + alphabet[(bits << static_cast<unsigned>(6 - count)) & 0x3FU] : out;
}

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

json id_object(const char* type, const std::string& id) {
  return {{"entityType", type}, {"id", id}};
}

bool contains_ignoring_case(const std::string& text, const std::string& part) {
  const auto same = [](unsigned char a, unsigned char b) {
    return std::tolower(a) == std::tolower(b) || b == '_';
  };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

TinyThingsBoard::Reply ok(const json& body) {
  return {200, body.dump(), "application/json", {}, {}};
}

}  // namespace

TinyThingsBoard::TinyThingsBoard()
    : server_([this](const Request& request) { return handle(request); }) {
  const std::lock_guard lock(mutex_);
  add_profile("default");
}

void TinyThingsBoard::before(Before before) {
  const std::lock_guard lock(mutex_);
  before_ = std::move(before);
}

void TinyThingsBoard::after(After after) {
  const std::lock_guard lock(mutex_);
  after_ = std::move(after);
}

void TinyThingsBoard::set_authority(const std::string& authority) {
  const std::lock_guard lock(mutex_);
  authority_ = authority;
}

void TinyThingsBoard::set_token_life(int seconds) {
  const std::lock_guard lock(mutex_);
  token_life_seconds_ = seconds;
}

TinyThingsBoard::Reply TinyThingsBoard::error(int status, int code, const std::string& message) {
  const json body{{"status", status}, {"message", message}, {"errorCode", code}, {"timestamp", 0}};
  Reply reply{status, body.dump(), "application/json;charset=ISO-8859-1", {}, {}};
  // As the live server: these close the connection.
  if (status == 400 || status == 413 || status == 500) {
    reply.ending = ScriptedServer::Ending::close;
  }
  return reply;
}

TinyThingsBoard::Device& TinyThingsBoard::add(const std::string& name, const std::string& type) {
  const std::lock_guard lock(mutex_);
  Device device;
  device.id = fmt::format("{:08x}-0000-11f1-8000-000000000000", next_id_++);
  device.name = name;
  device.type = type;
  device.profile_id = profile_id_of(type);
  device.token = "token-of-" + name;
  return devices_[name] = device;
}

void TinyThingsBoard::add_profile(const std::string& name, const std::string& transport) {
  const std::lock_guard lock(mutex_);
  transports_[name] = transport;
  static_cast<void>(profile_id_of(name));
}

std::map<std::string, TinyThingsBoard::Device> TinyThingsBoard::devices() const {
  const std::lock_guard lock(mutex_);
  return devices_;
}

std::vector<std::string> TinyThingsBoard::profiles() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, id] : profiles_) {
    names.push_back(name);
  }
  return names;
}

std::string TinyThingsBoard::profile_id_of(const std::string& name) {
  std::string& id = profiles_[name];
  if (id.empty()) {
    id = fmt::format("{:08x}-0000-11f1-9000-000000000000", next_id_++);
    transports_.emplace(name, "DEFAULT");
  }
  return id;
}

TinyThingsBoard::Device* TinyThingsBoard::by_id(const std::string& id) {
  const auto found = std::find_if(devices_.begin(), devices_.end(),
                                  [&](const auto& entry) { return entry.second.id == id; });
  return found == devices_.end() ? nullptr : &found->second;
}

std::string TinyThingsBoard::json_of(const Device& device) {
  json out{
      {"id", id_object("DEVICE", device.id)},
      {"name", device.name},
      {"type", device.type},
      {"label", device.label.empty() ? json() : json(device.label)},
      {"deviceProfileId", id_object("DEVICE_PROFILE", device.profile_id)},
      {"version", 1},
      {"additionalInfo", device.additional_info.empty() ? json() : json(device.additional_info)}};
  return out.dump();
}

TinyThingsBoard::Reply TinyThingsBoard::handle(const Request& request) {
  const std::lock_guard lock(mutex_);
  if (before_) {
    if (std::optional<Reply> reply = before_(request)) {
      return *reply;
    }
  }
  Reply reply = usual(request);
  if (after_) {
    after_(request, reply);
  }
  return reply;
}

TinyThingsBoard::Reply TinyThingsBoard::usual(const Request& request) {
  if (request.path == "/api/auth/login" || request.path == "/api/auth/token") {
    return log_in(request);
  }
  if (!request.headers.contains("x-authorization")) {
    return error(401, 10, "Authentication failed");
  }
  if (authority_ != "TENANT_ADMIN" && request.path != "/api/auth/user") {
    return error(403, 20, "You don't have permission to perform this operation!");
  }
  if (request.path == "/api/auth/user") {
    return ok(
        {{"email", user}, {"authority", authority_}, {"tenantId", id_object("TENANT", "t-1")}});
  }
  if (request.path == "/api/system/info") {
    return ok({{"version", "4.3.1.3"}, {"artifact", "application"}, {"type", "CE"}});
  }
  if (request.path == "/api/tenant/devices") {
    return list(request);
  }
  if (request.path == "/api/device" && request.method == "POST") {
    return save(request);
  }
  if (request.path.starts_with("/api/device/")) {
    return device_call(request);
  }
  if (request.path.starts_with("/api/plugins/telemetry/DEVICE/")) {
    return telemetry(request);
  }
  return request.path.starts_with("/api/deviceProfileInfo")
             ? profile_page()
             : error(404, 32, "No static resource " + request.path.substr(1) + ".");
}

TinyThingsBoard::Reply TinyThingsBoard::log_in(const Request& request) {
  const json body = json::parse(request.body, nullptr, false);
  if (request.path == "/api/auth/login" &&
      (text_of(body, "username") != user || text_of(body, "password") != password)) {
    return error(401, 10, "Invalid username or password");
  }
  const json claims{{"sub", user},
                    {"scopes", {authority_}},
                    {"iat", 1'700'000'000},
                    {"exp", 1'700'000'000 + token_life_seconds_}};
  const std::string token = fmt::format("eyJhbGciOiJIUzUxMiJ9.{}.{}", base64url(claims.dump()),
                                        "signature" + std::to_string(++log_ins_));
  return ok({{"token", token}, {"refreshToken", "refresh-" + std::to_string(log_ins_)}});
}

TinyThingsBoard::Reply TinyThingsBoard::list(const Request& request) {
  if (const auto name = request.query.find("deviceName"); name != request.query.end()) {
    const auto found = devices_.find(name->second);
    return found == devices_.end() ? error(404, 32, "Requested item wasn't found!")
                                   : Reply{200, json_of(found->second), "application/json", {}, {}};
  }
  const std::size_t size = std::stoul(request.query.at("pageSize"));
  const std::size_t page = std::stoul(request.query.at("page"));
  const auto search = request.query.find("textSearch");
  json data = json::array();
  std::size_t matches = 0;
  for (const auto& [name, device] : devices_) {
    if (search != request.query.end() && !contains_ignoring_case(name, search->second) &&
        !contains_ignoring_case(device.label, search->second)) {
      continue;
    }
    if (matches >= page * size && data.size() < size) {
      data.push_back(json::parse(json_of(device)));
    }
    ++matches;
  }
  return ok({{"data", data},
             {"totalPages", (matches + size - 1) / size},
             {"totalElements", matches},
             {"hasNext", matches > (page + 1) * size}});
}

TinyThingsBoard::Reply TinyThingsBoard::save(const Request& request) {
  const json body = json::parse(request.body);
  const std::string name = text_of(body, "name");
  if (!body.contains("id")) {
    return create(request, name, request.body);
  }
  Device* const device = by_id(body["id"]["id"].get<std::string>());
  if (device == nullptr) {
    return error(404, 32, "Device with id is not found");
  }
  device->label = text_of(body, "label");
  device->additional_info = text_of(body, "additionalInfo");
  if (body["deviceProfileId"].is_object()) {
    device->profile_id = body["deviceProfileId"]["id"].get<std::string>();
    for (const auto& [profile, id] : profiles_) {
      device->type = id == device->profile_id ? profile : device->type;
    }
  } else {
    device->type = text_of(body, "type");
    device->profile_id = profile_id_of(device->type);
  }
  return {200, json_of(*device), "application/json", {}, {}};
}

TinyThingsBoard::Reply TinyThingsBoard::create(const Request& request, const std::string& name,
                                               const std::string& body) {
  const json wanted = json::parse(body);
  if (devices_.contains(name)) {
    return error(400, 31, "Device with such name already exists!");
  }
  const auto token = request.query.find("accessToken");
  if (std::any_of(devices_.begin(), devices_.end(), [&](const auto& entry) {
        return token != request.query.end() && entry.second.token == token->second;
      })) {
    return error(400, 31, "Device credentials are already assigned to another device!");
  }
  const std::string type = text_of(wanted, "type");
  Device& device = add(name, type.empty() ? "default" : type);
  device.label = text_of(wanted, "label");
  if (token != request.query.end()) {
    device.token = token->second;
  }
  if (wanted.contains("deviceProfileId")) {
    device.profile_id = wanted["deviceProfileId"]["id"].get<std::string>();
    for (const auto& [profile, id] : profiles_) {
      device.type = id == device.profile_id ? profile : device.type;
    }
  }
  return {200, json_of(device), "application/json", {}, {}};
}

TinyThingsBoard::Reply TinyThingsBoard::device_call(const Request& request) {
  std::string id = request.path.substr(std::string("/api/device/").size());
  const bool credentials = id.ends_with("/credentials");
  id = id.substr(0, id.find('/'));
  Device* const device = by_id(id);
  if (device == nullptr) {
    return error(404, 32, "Device with id [" + id + "] is not found");
  }
  if (request.method == "DELETE") {
    devices_.erase(std::string(device->name));
    return {200, "", "", {}, {}};
  }
  return credentials ? ok({{"credentialsType", device->credentials_type},
                           {"credentialsId", device->token},
                           {"credentialsValue", nullptr}})
                     : Reply{200, json_of(*device), "application/json", {}, {}};
}

TinyThingsBoard::Reply TinyThingsBoard::telemetry(const Request& request) {
  std::string id = request.path.substr(std::string("/api/plugins/telemetry/DEVICE/").size());
  id = id.substr(0, id.find('/'));
  Device* const device = by_id(id);
  if (device == nullptr) {
    return {404, "Device with requested id wasn't found!", "text/plain;charset=UTF-8", {}, {}};
  }
  if (request.method == "POST") {
    const json body = json::parse(request.body);
    for (const auto& [key, value] : body.items()) {
      device->attributes[key] = value.dump();
    }
    return {200, "", "", {}, {}};
  }
  json out = json::array();
  for (const auto& [key, value] : device->attributes) {
    out.push_back({{"lastUpdateTs", 0}, {"key", key}, {"value", json::parse(value)}});
  }
  return ok(out);
}

TinyThingsBoard::Reply TinyThingsBoard::profile_page() const {
  json data = json::array();
  for (const auto& [name, id] : profiles_) {
    data.push_back({{"id", id_object("DEVICE_PROFILE", id)},
                    {"name", name},
                    {"type", "DEFAULT"},
                    {"transportType", transports_.at(name)}});
  }
  json page{{"data", data}, {"totalPages", 1}, {"totalElements", data.size()}, {"hasNext", false}};
  page.update({{"id", id_object("DEVICE_PROFILE", profiles_.at("default"))},
               {"name", "default"},
               {"transportType", transports_.at("default")}});
  return ok(page);  // serves the list and the default profile alike
}

}  // namespace stresskit::test
