#include "dashboard/run_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>

namespace stresskit::dashboard {
namespace {

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

std::vector<RunEntry> list_runs(const PublishedFolder& data, std::size_t most) {
  std::vector<RunEntry> runs;
  for (const std::string& name : data.folders("runs")) {
    if (const auto start = run_start(name)) {
      runs.push_back({.run_id = name, .started_at = *start});
    }
  }
  std::sort(runs.begin(), runs.end(),
            [](const RunEntry& a, const RunEntry& b) { return a.run_id > b.run_id; });
  runs.resize(std::min(runs.size(), most));
  for (RunEntry& run : runs) {
    run.has_timeline = data.open(timeline_path(run.run_id)).has_value();
  }
  return runs;
}

std::string timeline_path(std::string_view run_id) {
  return fmt::format("runs/{}/timeline.csv", run_id);
}

}  // namespace stresskit::dashboard
