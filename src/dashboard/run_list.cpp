#include "dashboard/run_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

namespace stresskit::dashboard {
namespace {

using nlohmann::json;
using namespace nlohmann::literals;

/// '0': a digit, 'x': a lower-case hex digit, anything else: itself.
constexpr std::string_view run_id_form = "00000000T000000Z-xxxx";

bool fits(char form, char c) {
  const bool digit = c >= '0' && c <= '9';
  switch (form) {
    case '0':
      return digit;
    case 'x':
      return digit || (c >= 'a' && c <= 'f');
    default:
      return c == form;
  }
}

/// A summary of 500 devices takes milliseconds to read; others wait meanwhile.
constexpr std::size_t summaries_a_call = 10;

/// Null when there is no such member of a member.
json inner(const json& summary, const char* outer, const char* key) {
  const json object = summary.value(outer, json());
  return object.is_object() ? object.value(key, json()) : json();
}

/// What the list of runs shows and compares, out of a whole summary; null when it is none.
json figures_of(const std::string& bytes) {
  const json summary = json::parse(bytes, nullptr, false);
  if (!summary.is_object()) {
    return nullptr;
  }
  json figures = json::object();
  for (const char* key :
       {"status", "elapsed_s", "engine", "qos", "interval_sec", "device_count", "bursts_due",
        "acknowledged_ratio", "totals", "spread_ms", "collapse", "verdict", "thresholds"}) {
    if (const auto found = summary.find(key); found != summary.end()) {
      figures[key] = *found;
    }
  }
  figures["ack_from_due"] = inner(summary, "latency_ms", "ack_from_due");
  figures["was_bottleneck"] = inner(summary, "generator", "was_bottleneck");
  return figures;
}

unsigned number(std::string_view text) {
  unsigned value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

std::optional<double> run_start(std::string_view run_id) {
  if (run_id.size() != run_id_form.size() ||
      !std::equal(run_id_form.begin(), run_id_form.end(), run_id.begin(), fits)) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{
      std::chrono::year(static_cast<int>(number(run_id.substr(0, 4)))),
      std::chrono::month(number(run_id.substr(4, 2))),
      std::chrono::day(number(run_id.substr(6, 2)))};
  if (!date.ok()) {
    return std::nullopt;
  }
  const auto at = std::chrono::sys_days(date) + std::chrono::hours(number(run_id.substr(9, 2))) +
                  std::chrono::minutes(number(run_id.substr(11, 2))) +
                  std::chrono::seconds(number(run_id.substr(13, 2)));
  return static_cast<double>(at.time_since_epoch().count());
}

std::string archive_path(std::string_view run_id, std::string_view file) {
  return fmt::format("runs/{}/{}", run_id, file);
}

json RunList::look(const PublishedFolder& data, std::size_t most) {
  std::vector<std::string> ids;
  for (std::string& name : data.folders("runs")) {
    if (run_start(name)) {
      ids.push_back(std::move(name));
    }
  }
  std::sort(ids.begin(), ids.end(), std::greater<>());
  ids.resize(std::min(ids.size(), most));

  json list = json::array();
  std::size_t may_read = summaries_a_call;
  bool complete = true;
  for (const std::string& id : ids) {
    Entry& entry = known_[id];
    const auto summary = data.open(archive_path(id, "summary.json"));
    if (summary && summary->tag() != entry.tag) {
      complete = complete && may_read > 0;
      if (may_read > 0) {
        --may_read;
        entry = {summary->tag(), figures_of(summary->contents().value_or(std::string()))};
      }
    }
    json row = entry.figures.is_object() ? entry.figures : json::object();
    row["run_id"] = id;
    row["started_at"] = *run_start(id);
    row["has_timeline"] = data.open(archive_path(id, "timeline.csv")).has_value();
    row["has_summary"] = summary.has_value();
    row["has_report"] = data.open(archive_path(id, "report.html")).has_value();
    list.push_back(std::move(row));
  }
  return {{"runs", std::move(list)}, {"complete", complete}};
}

}  // namespace stresskit::dashboard
