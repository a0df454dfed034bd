#pragma once

#include "stresskit/thingsboard/types.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string_view>
#include <vector>

namespace stresskit::thingsboard {

// What the server says about itself: the documents behind its usage page, its queue statistics,
// its machine and its tenants' profile. Counters travel as text; one that was never written is
// empty and counts as 0. Wrong documents throw nlohmann::json::exception.

[[nodiscard]] Usage read_usage(std::string_view body);
[[nodiscard]] SystemInfo read_system_info(std::string_view body);
[[nodiscard]] TenantProfile read_tenant_profile(std::string_view body);

/// Bodies of POST /api/entitiesQuery/find, and what comes back.
[[nodiscard]] nlohmann::json point_counters_query();
[[nodiscard]] PointCounters read_point_counters(std::string_view body);
[[nodiscard]] nlohmann::json queue_stats_query();
[[nodiscard]] std::vector<QueueStats> read_queue_stats(std::string_view body);

}  // namespace stresskit::thingsboard
