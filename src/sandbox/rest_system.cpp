// What the server says of itself: version, usage, machine.
#include "sandbox/rest_endpoints.hpp"
#include "sandbox/rest_queue_stats.hpp"

#include <nlohmann/json.hpp>

#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <thread>

namespace stresskit::sandbox {
namespace {

using nlohmann::json;

Answer usage(const Platform& platform) {
  json body;
  for (const char* none :
       {"assets",          "customers",         "users",     "dashboards",    "edges",
        "jsExecutions",    "tbelExecutions",    "emails",    "sms",           "alarms",
        "maxAssets",       "maxCustomers",      "maxUsers",  "maxDashboards", "maxEdges",
        "maxJsExecutions", "maxTbelExecutions", "maxEmails", "maxSms",        "maxAlarms"}) {
    body[none] = 0;
  }
  body["smsEnabled"] = nullptr;
  body["users"] = 2;
  body["customers"] = 1;
  body["devices"] = platform.devices.size();
  body["maxDevices"] = platform.devices.max_devices();
  body["transportMessages"] = platform.figures.usage().transport_messages;
  body["maxTransportMessages"] = platform.max_transport_messages.load();
  return json_answer(body);
}

Answer system_info(Platform& platform) {
  struct sysinfo machine {};
  sysinfo(&machine);
  struct statvfs disc {};
  statvfs("/", &disc);
  const std::uint64_t memory = machine.totalram * machine.mem_unit;
  const std::uint64_t space = disc.f_blocks * disc.f_frsize;
  const auto percent = [](std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0 : (whole - part) * 100 / whole;
  };
  return json_answer({{"systemData",
                       {{{"serviceId", service_id},
                         {"serviceType", "MONOLITH"},
                         {"cpuUsage", static_cast<int>(platform.cpu.machine() * 100)},
                         {"cpuCount", std::thread::hardware_concurrency()},
                         {"memoryUsage", percent(machine.freeram * machine.mem_unit, memory)},
                         {"totalMemory", memory},
                         {"discUsage", percent(disc.f_bavail, disc.f_blocks)},
                         {"totalDiscSpace", space}}}},
                      {"monolith", true}});
}

}  // namespace

void add_system_routes(Router& router, Platform& platform) {
  router.add("GET", "/api/usage", Access::tenant, [&](const RestCall&) { return usage(platform); });
  router.add("GET", "/api/system/info", Access::any_user, [](const RestCall&) {
    return json_answer({{"version", "4.3.1.3"},
                        {"artifact", "application"},
                        {"name", "ThingsBoard stand-in"},
                        {"type", "CE"}});
  });
  router.add("GET", "/api/admin/systemInfo", Access::sys_admin,
             [&](const RestCall&) { return system_info(platform); });
}

}  // namespace stresskit::sandbox
