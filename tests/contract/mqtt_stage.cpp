#include "contract/mqtt_stage.hpp"

#include "contract/mqtt_client.hpp"
#include "contract/mqtt_transcript.hpp"

#include <nlohmann/json.hpp>

#include <stdexcept>

namespace stresskit::contract {
namespace {

using nlohmann::json;

json must_be_ok(const test::HttpResponse& response) {
  if (response.status != 200) {
    throw std::runtime_error("the sandbox refuses: " + response.raw);
  }
  return json::parse(response.body, nullptr, false);
}

json basic_device(const std::string& user_name) {
  const std::string client_id = "mqb-c-" + user_name.substr(6);
  const json value{{"clientId", client_id}, {"userName", user_name}, {"password", "p1"}};
  return {{"device", {{"name", user_name}, {"type", "default"}}},
          {"credentials", {{"credentialsType", "MQTT_BASIC"}, {"credentialsValue", value.dump()}}}};
}

}  // namespace

void MqttStage::add_device(const std::string& user_name) {
  if (user_name.starts_with("mqb-u-")) {
    must_be_ok(
        sandbox_.call("POST", "/api/device-with-credentials", basic_device(user_name).dump()));
  } else {
    ids_[user_name] = sandbox_.create_device(user_name, user_name);
  }
}

void MqttStage::delete_device(const std::string& user_name) {
  must_be_ok(sandbox_.call("DELETE", "/api/device/" + ids_.at(user_name)));
}

void MqttStage::change_token(const std::string& user_name) {
  const std::string path = "/api/device/" + ids_.at(user_name) + "/credentials";
  json credentials = must_be_ok(sandbox_.call("GET", path));
  credentials["credentialsId"] = user_name + "-changed";
  must_be_ok(sandbox_.call("POST", "/api/device/credentials", credentials.dump()));
}

/// The transport is told in order: when the session of a device that was deleted after the document
/// was handed over is gone, the document has been taken.
void MqttStage::set_limits(const std::string& document) {
  const std::string name = "witness";
  add_device(name);
  MqttClient witness(port());
  witness.send(connect_bytes("3.1.1", name));
  const bool connected = witness.receive().has_value();
  sandbox_.fault({{"mqtt", json::parse(document)}});
  delete_device(name);
  if (!connected || !witness.closed_by_fin()) {
    throw std::runtime_error("the transport did not take " + document);
  }
}

}  // namespace stresskit::contract
