#include "sandbox/platform.hpp"

#include "sandbox/jwt.hpp"
#include "sandbox/server_clock.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace stresskit::sandbox {
namespace {

using nlohmann::json;

constexpr std::uint8_t administrative_action = 0x98;  // MQTT 5: deleted, or credentials changed
constexpr std::int64_t activity_every_ms = 3000;      // how often the transport reports activity

// CONNACK codes of MQTT 3.1.1 and 5 as recorded.
constexpr ConnectVerdict bad_user_name(std::uint8_t v5) {
  return {5, v5, {}, false};
}
constexpr std::uint8_t v5_bad_credentials = 0x86;
constexpr std::uint8_t v5_not_authorized = 0x87;
constexpr std::uint8_t v5_bad_client_id = 0x85;

/// Whether MQTT_BASIC credentials (their JSON) are satisfied by `request`.
bool basic_matches(const Credentials& credentials, const ConnectRequest& request) {
  const json basic = json::parse(credentials.value.value_or("{}"), nullptr, false);
  const auto wanted = [&](const char* name) {
    const auto found = basic.find(name);
    return found != basic.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const auto fits = [](const std::string& value, const std::string& given) {
    return value.empty() || value == given;
  };
  return fits(wanted("clientId"), request.client_id) &&
         fits(wanted("userName"), request.user_name) && fits(wanted("password"), request.password);
}

/// By what a client can tell one message of a device from another.
Receipt receipt_for(const std::vector<Reading>& readings) {
  const auto seq = std::find_if(readings.begin(), readings.end(), [](const Reading& reading) {
    return reading.key == "seq" && std::holds_alternative<std::int64_t>(reading.value);
  });
  Receipt receipt;
  receipt.ts = readings.front().ts;
  if (seq != readings.end()) receipt.seq = std::get<std::int64_t>(seq->value);
  return receipt;
}

}  // namespace

std::string basic_credentials_id(const std::string& client_id, const std::string& user_name) {
  if (client_id.empty()) return user_name;
  return sha3_hex(user_name.empty() ? client_id : client_id + "|" + user_name);
}

Platform::Platform(std::string tenant_email, std::string tenant_password)
    : accounts(ids, std::move(tenant_email), std::move(tenant_password)), devices(ids) {}

Device Platform::create_device(const DeviceDraft& draft, std::optional<Credentials> credentials,
                               const NameConflict& conflict) {
  Device device = devices.create(draft, std::move(credentials), conflict);
  set_server_attribute(device.id, "active", false);
  return device;
}

bool Platform::delete_device(const std::string& id) {
  if (!devices.erase(id)) return false;
  if (evict_) evict_(id, administrative_action);
  attributes.erase(id);
  telemetry.erase(id);
  recorder.forget(id);
  const std::scoped_lock lock(activity_mutex_);
  last_activity_ms_.erase(id);
  return true;
}

Credentials Platform::update_credentials(const Credentials& changed, bool check_version) {
  Credentials stored = devices.update_credentials(changed, check_version);
  if (evict_) evict_(stored.device_id, administrative_action);
  return stored;
}

bool Platform::is_active(const std::string& device) const {
  const auto server = attributes.list(device, Scope::server);
  const auto active = std::find_if(server.begin(), server.end(),
                                   [](const Attribute& a) { return a.key == "active"; });
  return active != server.end() && active->value.index() == 0 && std::get<bool>(active->value);
}

ConnectVerdict Platform::judge(const ConnectRequest& request) const {
  const auto accepted = [&](const Credentials& credentials) -> ConnectVerdict {
    const auto device = devices.find(credentials.device_id);
    if (!device) return bad_user_name(v5_bad_credentials);
    return {0, 0, device->id, device->is_gateway};
  };
  if (request.user_name.empty()) {
    if (request.has_password || request.has_user_name) return bad_user_name(v5_bad_credentials);
    if (request.client_id.empty()) return bad_user_name(v5_not_authorized);
    const auto basic = devices.find_credentials(basic_credentials_id(request.client_id, ""));
    if (basic && basic->type == CredentialsType::mqtt_basic && basic_matches(*basic, request)) {
      return accepted(*basic);
    }
    return {2, v5_bad_client_id, {}, false};
  }
  const auto both =
      request.client_id.empty()
          ? std::nullopt
          : devices.find_credentials(basic_credentials_id(request.client_id, request.user_name));
  if (both && both->type == CredentialsType::mqtt_basic && basic_matches(*both, request)) {
    return accepted(*both);
  }
  const auto by_user_name = devices.find_credentials(request.user_name);
  if (by_user_name && (by_user_name->type == CredentialsType::access_token ||
                       basic_matches(*by_user_name, request))) {
    return accepted(*by_user_name);
  }
  return bad_user_name(v5_bad_credentials);
}

void Platform::set_server_attribute(const std::string& device, const char* key, Value value) {
  attributes.save(device, Scope::server, key, std::move(value), now_ms());
}

void Platform::session_opened(std::uint64_t session, const std::string& device) {
  set_server_attribute(device, "active", true);
  set_server_attribute(device, "lastConnectTime", now_ms());
  note_activity(device);
  recorder.opened(session, device);
}

void Platform::session_closed(std::uint64_t session, const std::string& device) {
  if (devices.contains(device)) set_server_attribute(device, "lastDisconnectTime", now_ms());
  recorder.closed(session);
}

void Platform::note_activity(const std::string& device) {
  {
    const std::scoped_lock lock(activity_mutex_);
    std::int64_t& last = last_activity_ms_[device];
    if (now_ms() - last < activity_every_ms) return;
    last = now_ms();
  }
  set_server_attribute(device, "lastActivityTime", now_ms());
}

void Platform::take_telemetry(const std::string& device, std::string_view payload,
                              std::int64_t arrival_ms) {
  auto readings = parse_telemetry(payload, arrival_ms);
  if (!readings || readings->empty()) {
    recorder.telemetry(device, {arrival_ms, std::nullopt, false});
    return;
  }
  figures.accepted(readings->size());
  const std::size_t receipt = recorder.telemetry(device, receipt_for(*readings));
  if (!devices.contains(device)) return;  // deleted meanwhile: accepted, and of no use
  note_activity(device);
  // A bad key fails the whole message in the rule engine, long after its PUBACK.
  const bool storable = std::all_of(readings->begin(), readings->end(),
                                    [](const Reading& r) { return is_storable_key(r.key); });
  if (storable) {
    storage.accept({device, std::move(*readings), receipt, {}});
  } else {
    figures.failed();
  }
}

void Platform::take_attributes(const std::string& device, std::string_view payload) {
  recorder.message(device);
  const json body = parse_typed(payload);
  figures.accepted(body.size());
  if (!body.is_object() || !devices.contains(device)) return;
  note_activity(device);
  for (const auto& [key, value] : body.items()) {
    if (!value.is_null()) {
      attributes.save(device, Scope::client, key, to_value(value), now_ms());
    }
  }
}

bool Platform::quota_reached() const {
  const std::uint64_t most = max_transport_messages;
  return most > 0 && figures.usage().transport_messages >= most;
}

void Platform::transport_ended() {
  recorder.all_closed();
  storage.server_ended();
}

}  // namespace stresskit::sandbox
