#include "metrics/storage_json.hpp"

#include "stresskit/metrics/storage_file.hpp"

namespace stresskit::metrics {

namespace {

Json rounded_or_null(const std::optional<double>& value) {
  return value ? Json(rounded(*value)) : Json(nullptr);
}

}  // namespace

Json storage_json(const Storage& s) {
  Json json{{"state", to_string(s.state)},
            {"trouble", s.trouble.empty() ? Json(nullptr) : Json(s.trouble)},
            {"acknowledged", s.acknowledged},
            {"stored", s.stored},
            {"missing_acknowledged", s.missing_acknowledged},
            {"stored_unacknowledged", s.stored_unacknowledged},
            {"unverified", s.unverified},
            {"unexpected", s.unexpected},
            {"devices_verified", s.devices_verified},
            {"devices_deleted", s.devices_deleted},
            {"devices_unread", s.devices_unread},
            {"rate_limited", s.rate_limited},
            {"took_s", rounded_or_null(s.took_s)},
            {"settled_s", rounded_or_null(s.settled_s)},
            {"server_clock_ahead_s", rounded_or_null(s.server_clock_ahead_s)},
            {"missing_from", s.missing_from ? Json(*s.missing_from) : Json(nullptr)},
            {"hint", s.hint.empty() ? Json(nullptr) : Json(s.hint)}};
  json["missing"] = Json::array();
  for (const MissingMessage& message : s.missing) {
    json["missing"].push_back({{"device", message.device},
                               {"name", message.name},
                               {"k", message.k},
                               {"due", rounded_or_null(message.due)}});
  }
  return json;
}

void put_storage_totals(Json& totals, const Storage& s) {
  totals["stored"] = s.stored;
  totals["missing_acknowledged"] = s.missing_acknowledged;
  totals["stored_unacknowledged"] = s.stored_unacknowledged;
}

}  // namespace stresskit::metrics
