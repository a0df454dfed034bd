#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string>

namespace stresskit::dashboard {

/// Which devices of a metrics file are wanted, and in what order.
struct IncidentQuery {
  /// Every device of whose name, state, stage, reason or detail this is a part, whatever its case;
  /// empty: the devices that have had an incident.
  std::string search;
  std::string sort = "last_failure";  ///< a column of the table
  bool descending = true;
};

/// Whether devices can be put in order by this column.
[[nodiscard]] bool is_sortable(const std::string& column);

/// {"incidents": devices with one, "matching": how many are wanted, "rows": the first `most`}.
/// Entries that are no devices are left out.
[[nodiscard]] nlohmann::json find_incidents(const nlohmann::json& metrics,
                                            const IncidentQuery& wanted, std::size_t most);

}  // namespace stresskit::dashboard
