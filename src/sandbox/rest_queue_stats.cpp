// The rule engine's queue (QueueStatsController.java).
#include "sandbox/rest_queue_stats.hpp"

#include "sandbox/rest_endpoints.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace stresskit::sandbox {
namespace {

using nlohmann::json;

json queue_stats(const Platform& platform, std::int64_t created_ms) {
  return {{"id", entity_id("QUEUE_STATS", platform.queue_stats_id)},
          {"createdTime", created_ms},
          {"tenantId", entity_id("TENANT", platform.accounts.tenant_id())},
          {"queueName", queue_name},
          {"serviceId", service_id}};
}

Answer list(const Platform& platform, const RestCall& call) {
  (void)page_query(call);
  json data = json::array();
  const auto created = platform.figures.queue_created();
  if (created && call.caller->user.authority == Authority::tenant_admin) {
    data.push_back(queue_stats(platform, *created));
  }
  const std::size_t found = data.size();
  return json_answer({{"data", std::move(data)},
                      {"totalPages", found},
                      {"totalElements", found},
                      {"hasNext", false}});
}

}  // namespace

void add_queue_stats_routes(Router& router, const Platform& platform) {
  router.add("GET", "/api/queueStats", Access::admins,
             [&](const RestCall& call) { return list(platform, call); });
}

}  // namespace stresskit::sandbox
