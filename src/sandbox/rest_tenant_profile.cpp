// The tenant profile, for a system administrator to read: the tenant's limits as they are set
// (TenantProfileController.java).
#include "sandbox/rest_endpoints.hpp"

#include <nlohmann/json.hpp>

#include <chrono>

namespace stresskit::sandbox {
namespace {

using nlohmann::json;

/// The profile "Default" of a fresh install, as recorded: no limits.
constexpr const char* fresh_configuration =
    R"({"type":"DEFAULT","maxDevices":0,"maxAssets":0,"maxCustomers":0,"maxUsers":0,
"maxDashboards":0,"maxRuleChains":0,"maxEdges":0,"maxResourcesInBytes":0,
"maxOtaPackagesInBytes":0,"maxResourceSize":0,"transportTenantMsgRateLimit":null,
"transportTenantTelemetryMsgRateLimit":null,
"transportTenantTelemetryDataPointsRateLimit":null,"transportDeviceMsgRateLimit":null,
"transportDeviceTelemetryMsgRateLimit":null,
"transportDeviceTelemetryDataPointsRateLimit":null,"transportGatewayMsgRateLimit":null,
"transportGatewayTelemetryMsgRateLimit":null,
"transportGatewayTelemetryDataPointsRateLimit":null,
"transportGatewayDeviceMsgRateLimit":null,"transportGatewayDeviceTelemetryMsgRateLimit":null,
"transportGatewayDeviceTelemetryDataPointsRateLimit":null,"tenantEntityExportRateLimit":null,
"tenantEntityImportRateLimit":null,"tenantNotificationRequestsRateLimit":null,
"tenantNotificationRequestsPerRuleRateLimit":null,"maxTransportMessages":0,
"maxTransportDataPoints":0,"maxREExecutions":0,"maxJSExecutions":0,"maxTbelExecutions":0,
"maxDPStorageDays":0,"maxRuleNodeExecutionsPerMessage":0,"maxDebugModeDurationMinutes":15,
"maxEmails":0,"smsEnabled":null,"maxSms":0,"maxCreatedAlarms":0,
"tenantServerRestLimitsConfiguration":null,"customerServerRestLimitsConfiguration":null,
"maxWsSessionsPerTenant":0,"maxWsSessionsPerCustomer":0,"maxWsSessionsPerRegularUser":0,
"maxWsSessionsPerPublicUser":0,"wsMsgQueueLimitPerSession":0,"maxWsSubscriptionsPerTenant":0,
"maxWsSubscriptionsPerCustomer":0,"maxWsSubscriptionsPerRegularUser":0,
"maxWsSubscriptionsPerPublicUser":0,"wsUpdatesPerSessionRateLimit":null,
"cassandraReadQueryTenantCoreRateLimits":null,"cassandraWriteQueryTenantCoreRateLimits":null,
"cassandraReadQueryTenantRuleEngineRateLimits":null,
"cassandraWriteQueryTenantRuleEngineRateLimits":null,"edgeEventRateLimits":null,
"edgeEventRateLimitsPerEdge":null,"edgeUplinkMessagesRateLimits":null,
"edgeUplinkMessagesRateLimitsPerEdge":null,"defaultStorageTtlDays":0,"alarmsTtlDays":0,
"rpcTtlDays":0,"queueStatsTtlDays":0,"ruleEngineExceptionsTtlDays":0,"warnThreshold":0.0,
"maxCalculatedFieldsPerEntity":5,"maxArgumentsPerCF":10,
"minAllowedScheduledUpdateIntervalInSecForCF":10,"maxRelationLevelPerCfArgument":2,
"maxRelatedEntitiesToReturnPerCfArgument":100,"maxDataPointsPerRollingArg":1000,
"maxStateSizeInKBytes":32,"maxSingleValueArgumentSizeInKBytes":2,
"minAllowedDeduplicationIntervalInSecForCF":10,"minAllowedAggregationIntervalInSecForCF":60,
"intermediateAggregationIntervalInSecForCF":300,"cfReevaluationCheckInterval":60,
"alarmsReevaluationInterval":60})";

json text_or_null(const std::string& rate) {
  return rate.empty() ? json() : json(rate);
}

json configuration(const Platform& platform, const TransportHost& transport) {
  json configuration = json::parse(fresh_configuration);
  const RestRates rest = platform.rest_limits.rates();
  configuration["tenantServerRestLimitsConfiguration"] = text_or_null(rest.tenant);
  configuration["customerServerRestLimitsConfiguration"] = text_or_null(rest.customer);
  configuration["maxDevices"] = platform.devices.max_devices();
  configuration["maxTransportMessages"] = platform.max_transport_messages.load();
  configuration["defaultStorageTtlDays"] =
      std::chrono::duration_cast<std::chrono::hours>(platform.storage.ttl()).count() / 24;
  const json mqtt = json::parse(transport.limits());
  configuration.update(mqtt.value("rate_limits", json::object()));
  return configuration;
}

Answer get(const Platform& platform, const TransportHost& transport, const RestCall& call) {
  const std::string id = require_uuid(call.path_values[0]);
  if (id != platform.tenant_profile_id) {
    throw Refusal(404, code_not_found, "Tenant profile with id [" + id + "] is not found");
  }
  return json_answer(
      {{"id", entity_id("TENANT_PROFILE", id)},
       {"createdTime", platform.created_ms},
       {"name", "Default"},
       {"description", "Default tenant profile"},
       {"isolatedTbRuleEngine", false},
       {"default", true},
       {"profileData",
        {{"configuration", configuration(platform, transport)}, {"queueConfiguration", nullptr}}}});
}

}  // namespace

void add_tenant_profile_routes(Router& router, const Platform& platform,
                               const TransportHost& transport) {
  router.add("GET", "/api/tenantProfileInfo/default", Access::sys_admin, [&](const RestCall&) {
    return json_answer(
        {{"id", entity_id("TENANT_PROFILE", platform.tenant_profile_id)}, {"name", "Default"}});
  });
  router.add("GET", "/api/tenantProfile/{}", Access::sys_admin,
             [&](const RestCall& call) { return get(platform, transport, call); });
}

}  // namespace stresskit::sandbox
