#include "dashboard/incidents.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <vector>

namespace stresskit::dashboard {
namespace {

using nlohmann::json;

constexpr std::array<const char*, 7> columns{"name",         "status",         "last_stage",
                                             "last_failure", "failure_reason", "failure_detail",
                                             "last_seen"};
constexpr std::array<const char*, 5> searched{"name", "status", "last_stage", "failure_reason",
                                              "failure_detail"};

const json& field(const json& device, const char* key) {
  static const json none;
  const auto found = device.find(key);
  return found == device.end() ? none : *found;
}

bool has_incident(const json& device) {
  const auto said = [&device](const char* key) {
    const json& value = field(device, key);
    return !value.is_null() && value != json(0) && value != json("");
  };
  return said("last_failure") || said("failure_reason");
}

bool contains(std::string_view text, std::string_view part) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) ==
           std::tolower(static_cast<unsigned char>(b));
  };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

bool matches(const json& device, const std::string& search) {
  return std::any_of(searched.begin(), searched.end(), [&](const char* key) {
    const json& value = field(device, key);
    return value.is_string() && contains(value.get_ref<const std::string&>(), search);
  });
}

json shown(const json& device) {
  json row = json::object();
  for (const char* key : columns) {
    row[key] = field(device, key);
  }
  for (const char* key :
       {"disconnect_code", "planned", "acknowledged", "lost", "failed", "skipped"}) {
    row[key] = field(device, key);
  }
  return row;
}

}  // namespace

bool is_sortable(const std::string& column) {
  return std::any_of(columns.begin(), columns.end(),
                     [&](const char* known) { return column == known; });
}

json find_incidents(const json& metrics, const IncidentQuery& wanted, std::size_t most) {
  std::vector<const json*> rows;
  std::size_t incidents = 0;
  static const json no_devices = json::array();
  const json& listed = field(metrics, "devices");
  const json& devices = listed.is_array() ? listed : no_devices;
  for (const json& device : devices) {
    if (!device.is_object()) {
      continue;
    }
    const bool has_one = has_incident(device);
    incidents += has_one ? 1 : 0;
    if (wanted.search.empty() ? has_one : matches(device, wanted.search)) {
      rows.push_back(&device);
    }
  }
  // What has no value stands last in both directions; equal ones keep the order of the file.
  const char* key = wanted.sort.c_str();
  std::stable_sort(rows.begin(), rows.end(), [&](const json* a, const json* b) {
    const json& left = field(*a, key);
    const json& right = field(*b, key);
    if (left.is_null() || right.is_null()) {
      return !left.is_null() && right.is_null();
    }
    return wanted.descending ? right < left : left < right;
  });
  json list = json::array();
  for (std::size_t i = 0; i < std::min(rows.size(), most); ++i) {
    list.push_back(shown(*rows[i]));
  }
  return {{"incidents", incidents}, {"matching", rows.size()}, {"rows", std::move(list)}};
}

}  // namespace stresskit::dashboard
