#include "stresskit/metrics/storage_file.hpp"

#include "metrics/rows.hpp"
#include "metrics/storage_json.hpp"

#include "stresskit/metrics/run_record.hpp"
#include "stresskit/support/files.hpp"

#include <algorithm>
#include <array>

namespace stresskit::metrics {

namespace {

constexpr std::array<std::string_view, 4> state_names{"off", "running", "complete", "incomplete"};

/// The summary of a run that was killed does not exist, and none is made here.
support::Result<void> amend_summary(const std::filesystem::path& folder, const Storage& storage) {
  const auto path = folder / "summary.json";
  const auto text = support::read_file(path);
  Json json = text ? Json::parse(*text, nullptr, false) : Json();
  if (!json.is_object() || !json.contains("totals")) {
    return {};
  }
  put_storage_totals(json["totals"], storage);
  json["verification"] = storage_json(storage);
  if (const auto record = read_run(folder)) {
    put_conclusions(json, record->last);
  }
  return support::replace_file(path, line(json));
}

Storage parse(const Json& json) {
  // By reference: `get` would make a whole number of 1e99, by undefined behaviour.
  const auto whole = [](const Json& value) {
    return value.get_ref<const Json::number_unsigned_t&>();
  };
  const auto number = [&](const char* key) { return whole(json.at(key)); };
  const auto seconds = [&](const char* key) {
    return json.at(key).is_null() ? std::nullopt : std::optional(json.at(key).get<double>());
  };
  const auto words = [&](const char* key) {
    return json.at(key).is_null() ? std::string() : json.at(key).get<std::string>();
  };
  Storage s;
  const auto* const name =
      std::find(state_names.begin(), state_names.end(), json.at("state").get<std::string>());
  s.state = static_cast<Storage::State>(name == state_names.end() ? 0 : name - state_names.begin());
  s.trouble = words("trouble");
  s.acknowledged = number("acknowledged");
  s.stored = number("stored");
  s.missing_acknowledged = number("missing_acknowledged");
  s.stored_unacknowledged = number("stored_unacknowledged");
  s.unverified = number("unverified");
  s.unexpected = number("unexpected");
  s.devices_verified = number("devices_verified");
  s.devices_deleted = number("devices_deleted");
  s.devices_unread = number("devices_unread");
  s.rate_limited = number("rate_limited");
  s.took_s = seconds("took_s").value_or(0);
  s.settled_s = seconds("settled_s");
  s.server_clock_ahead_s = seconds("server_clock_ahead_s");
  s.hint = words("hint");
  if (const auto from = json.find("missing_from"); from != json.end() && !from->is_null()) {
    s.missing_from = whole(*from);
  }
  for (const Json& message : json.at("missing")) {
    s.missing.push_back({whole(message.at("device")), message.at("name").get<std::string>(),
                         whole(message.at("k")), message.at("due").get<double>()});
  }
  return s;
}

}  // namespace

support::Result<void> write_storage(const std::filesystem::path& folder, const Storage& storage) {
  return support::replace_file(folder / "verification.json", line(storage_json(storage)));
}

support::Result<void> write_late_storage(const std::filesystem::path& folder,
                                         const Storage& storage) {
  const auto written = write_storage(folder, storage);
  return written ? amend_summary(folder, storage) : written;
}

std::optional<Storage> read_storage(const std::filesystem::path& folder) {
  const auto text = support::read_file(folder / "verification.json");
  if (!text) {
    return std::nullopt;
  }
  try {
    return parse(Json::parse(*text));
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

std::string_view to_string(Storage::State state) {
  return state_names[static_cast<std::size_t>(state)];
}

}  // namespace stresskit::metrics
