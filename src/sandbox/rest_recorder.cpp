// `/sandbox/recorder...`: what was really received and really stored. Documented in
// docs/sandbox.md.
#include "sandbox/rest_endpoints.hpp"

#include <nlohmann/json.hpp>

#include <utility>
#include <vector>

namespace stresskit::sandbox {
namespace {

using nlohmann::json;

/// The device asked for, or every device that was heard and still exists.
std::vector<Device> devices_meant(const Platform& platform, const RestCall& call) {
  std::vector<Device> devices;
  if (const auto name = call.parameter("device")) {
    auto device = platform.devices.find_by_name(*name);
    if (!device) throw Refusal(404, code_not_found, "no device named \"" + *name + "\"");
    devices.push_back(std::move(*device));
    return devices;
  }
  for (const auto& [id, messages] : platform.recorder.messages()) {
    if (auto device = platform.devices.find(id)) devices.push_back(std::move(*device));
  }
  return devices;
}

json counts(const Platform& platform, const RestCall& call) {
  const auto by_id = platform.recorder.messages();
  json devices = json::object();
  for (const Device& device : devices_meant(platform, call)) {
    const auto found = by_id.find(device.id);
    devices[device.name] = found == by_id.end() ? 0 : found->second;
  }
  const Recorder::Totals totals = platform.recorder.totals();
  return {{"messages", totals.messages},
          {"stored", totals.stored},
          {"backlog", platform.storage.backlog()},
          {"devices", std::move(devices)}};
}

json messages(const Platform& platform, const RestCall& call) {
  const auto wanted = call.parameter("stored");
  json list = json::array();
  for (const Device& device : devices_meant(platform, call)) {
    for (const Receipt& receipt : platform.recorder.receipts(device.id)) {
      if (wanted && receipt.stored != (*wanted == "true")) continue;
      list.push_back({{"device", device.name},
                      {"ts", receipt.ts},
                      {"seq", receipt.seq ? json(*receipt.seq) : json()},
                      {"stored", receipt.stored}});
    }
  }
  return {{"messages", std::move(list)}};
}

}  // namespace

void add_recorder_routes(Router& router, const Platform& platform, TransportHost& transport) {
  const auto add = [&](const char* path, json (*answer)(const Platform&, const RestCall&)) {
    router.add("GET", path, Access::open, [&platform, &transport, answer](const RestCall& call) {
      transport.settle();
      return json_answer(answer(platform, call));
    });
  };
  add("/sandbox/recorder", counts);
  add("/sandbox/recorder/messages", messages);
}

}  // namespace stresskit::sandbox
