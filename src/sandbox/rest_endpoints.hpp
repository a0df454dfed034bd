#pragma once

#include "sandbox/platform.hpp"
#include "sandbox/rest_faults.hpp"
#include "sandbox/router.hpp"
#include "sandbox/transport_host.hpp"

namespace stresskit::sandbox {

// The endpoints, a function for each controller of the platform. What they take must outlive the
// router.

void add_auth_routes(Router& router, Platform& platform);
void add_device_routes(Router& router, Platform& platform);
void add_credentials_routes(Router& router, Platform& platform);
void add_profile_routes(Router& router, Platform& platform);
void add_attribute_routes(Router& router, Platform& platform);
void add_telemetry_routes(Router& router, Platform& platform);
void add_queue_stats_routes(Router& router, const Platform& platform);
void add_entity_query_routes(Router& router, const Platform& platform);
void add_system_routes(Router& router, Platform& platform);
void add_prometheus_routes(Router& router, Platform& platform);
void add_tenant_profile_routes(Router& router, const Platform& platform,
                               const TransportHost& transport);

/// `/sandbox/recorder...`: the truth to compare a tool's verdict with.
void add_recorder_routes(Router& router, const Platform& platform, TransportHost& transport);

/// `/sandbox/...`: faults and state.
void add_control_routes(Router& router, Platform& platform, RestFaults& faults,
                        TransportHost& transport);

}  // namespace stresskit::sandbox
