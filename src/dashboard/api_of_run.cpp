// What is answered about one run: its figures, its timeline, its bursts, its devices.
#include "dashboard/api.hpp"
#include "dashboard/incidents.hpp"
#include "dashboard/query.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <utility>

namespace stresskit::dashboard {

using nlohmann::json;

namespace {

constexpr std::size_t most_points = 2000;
constexpr std::size_t most_incidents = 40;
constexpr std::size_t most_outcomes = 120;
/// A picture's worth: these come whole each time, not as news.
constexpr std::size_t most_observations = 400;

/// What a page asks for apart: they would make up most of a summary.
constexpr std::array<const char*, 3> long_lists{"devices", "bursts", "histogram_buckets"};

json without_long_lists(const json& metrics) {
  json rest = json::object();
  for (const auto& [key, value] : metrics.items()) {
    if (std::find(long_lists.begin(), long_lists.end(), key) == long_lists.end()) {
      rest[key] = value;
    }
  }
  return rest;
}

std::size_t device_count(const json& metrics) {
  const auto count = metrics.is_object() ? metrics.find("device_count") : metrics.end();
  return count != metrics.end() && count->is_number_unsigned() ? count->get<std::size_t>() : 0;
}

}  // namespace

/// The run that a request is about.
struct Api::Run {
  std::string id;
  bool is_current;
  const MetricsView& file;     ///< of the current run metrics.json, else summary.json
  const MetricsView& metrics;  ///< the same, or what stands in for a summary that is missing
  RunArchive& archive;
};

bool Api::is_run(const std::string& run_id) const {
  return run_start(run_id) && data_.has_folder("runs/" + run_id);
}

Answer Api::about_run(const Request& request, Answer (Api::*about)(const Request&, Run&)) {
  const std::string wanted = text_in(request, "run");
  if (!wanted.empty() && !run_start(wanted)) {
    return error_answer(400, "run must be a run id such as 20261123T101500Z-4f2a");
  }
  const MetricsView& current = metrics_.look(data_);
  const std::string current_id = current.head ? current.head->run_id : std::string();
  const bool is_current = wanted.empty() || wanted == current_id;
  const std::string& id = is_current ? current_id : wanted;
  if (!is_current && !is_run(id)) {
    return error_answer(404, "there is no such run in the data directory");
  }
  // An idle directory has no run; its archive is one that does not exist.
  RunArchive& archive = archives_.take(run_start(id) ? id : std::string("none"));
  const MetricsView& file = is_current ? current : archive.summary(data_);
  const bool killed = !is_current && file.problem && file.problem->missing;
  Run run{id, is_current, file, killed ? archive.rebuilt(data_, archives_.may_rebuild()) : file,
          archive};
  archive.devices().expect(device_count(run.metrics.document));
  return (this->*about)(request, run);
}

Answer Api::summary(const Request& request, Run& run) {
  const std::string known = text_in(request, "since");
  const Banner says = run.is_current ? banner() : banner_of_earlier_run(run.file);
  const json& verification = run.archive.verification(data_);
  const std::string version =
      run.metrics.tag + (verification.is_null() ? "" : tag_of(verification.dump()));
  const auto refresh = std::chrono::duration_cast<std::chrono::milliseconds>(settings_.refresh);
  json document = {{"banner", banner_json(says)},
                   {"run_id", run.id},
                   {"is_current", run.is_current},
                   {"refresh_ms", refresh.count()},
                   {"version", version},
                   // What has news, so that a page asks for nothing else.
                   {"news",
                    {{"timeline", run.archive.refresh_timeline(data_).tag},
                     {"bursts", run.archive.refresh_bursts(data_).tag},
                     {"devices", run.archive.refresh_devices(data_).tag},
                     {"server", run.archive.refresh_observations(data_)}}}};
  return kept(request, tag_of(document.dump(-1, ' ', false, json::error_handler_t::replace)), [&] {
    if (run.metrics.head && version != known) {
      document["metrics"] = without_long_lists(run.metrics.document);
      if (!verification.is_null()) {
        document["metrics"]["verification"] = verification;
      }
    } else if (!run.metrics.head && !run.is_current) {
      document["metrics"] = run.archive.settings(data_);
    }
    return json_answer(document);
  });
}

Answer Api::timeline(const Request& request, Run& run) {
  constexpr double any = std::numeric_limits<double>::max();
  const auto from = number_in(request, "from", -any);
  const auto to = number_in(request, "to", any);
  const auto points = number_in(request, "points", most_points);
  if (!from || !to || !points || *points < 10 || *points > most_points) {
    return error_answer(400,
                        fmt::format("from and to must be seconds, points 10 to {}", most_points));
  }
  const auto reading = run.archive.refresh_timeline(data_);
  if (const auto& problem = run.archive.timeline_problem()) {
    return error_answer(problem->missing ? 404 : 503, "timeline.csv: " + problem->reason);
  }
  return kept(request, reading.tag, [&] {
    json document =
        timeline_json(cut(run.archive.timeline(), *from, *to), static_cast<std::size_t>(*points));
    document["run_id"] = run.id;
    document["behind"] = reading.behind;
    return json_answer(document);
  });
}

Answer Api::bursts(const Request& request, Run& run) {
  const auto since = whole_in(request, "since");
  if (!since) {
    return error_answer(400, "since must be the \"next\" of an earlier answer");
  }
  auto reading = run.archive.refresh_bursts(data_);
  BurstTable& table = run.archive.bursts();
  if (reading.tag.empty() && run.metrics.head) {
    reading.tag = run.metrics.tag;
    table.add_all(run.metrics.document);
  }
  return kept(request, reading.tag, [&] {
    json document = table.news(*since, most_points);
    document["run_id"] = run.id;
    document["behind"] = reading.behind;
    return json_answer(document);
  });
}

Answer Api::devices(const Request& request, Run& run) {
  const auto since = whole_in(request, "since");
  if (!since) {
    return error_answer(400, "since must be the \"next\" of an earlier answer");
  }
  const auto reading = run.archive.refresh_devices(data_);
  DeviceStates& states = run.archive.devices();
  return kept(request, fmt::format("{}-{}", reading.tag, states.size()), [&] {
    json document = states.news(*since);
    document["run_id"] = run.id;
    document["behind"] = reading.behind;
    return json_answer(document);
  });
}

Answer Api::names(const Request& request, Run& run) {
  const std::vector<std::string>& names = run.archive.names(data_, run.metrics.document);
  return kept(request, fmt::format("{}-{}", run.id, names.size()), [&] {
    return json_answer({{"run_id", run.id}, {"names", names}});
  });
}

Answer Api::device(const Request& request, Run& run) {
  (void)run.archive.refresh_devices(data_);
  const auto index = whole_in(request, "index");
  if (!index || text_in(request, "index").empty()) {
    return error_answer(400, "index must be the number of a device, the first is 0");
  }
  if (*index >= run.archive.devices().size()) {
    return error_answer(404, "the run has no device of this number");
  }
  const auto& names = run.archive.names(data_, run.metrics.document);
  json document = {{"run_id", run.id},
                   {"index", *index},
                   {"name", *index < names.size() ? json(names[*index]) : json()},
                   {"history", run.archive.devices().history(*index)},
                   {"bursts", run.archive.outcomes(data_, *index, most_outcomes)}};
  Answer answer = json_answer(document);
  answer.tag = tag_of(answer.body);
  return answer;
}

Answer Api::incidents(const Request& request, Run& run) {
  IncidentQuery wanted{.search = text_in(request, "search")};
  if (const std::string column = text_in(request, "sort"); !column.empty()) {
    wanted.sort = column;
  }
  const std::string order = text_in(request, "order");
  wanted.descending = order != "up";
  if (!is_sortable(wanted.sort) || (order != "" && order != "up" && order != "down") ||
      wanted.search.size() > 200) {
    return error_answer(400,
                        "sort must be a column of the table, order up or down, search at most 200 "
                        "bytes");
  }
  return kept(request, run.metrics.tag, [&] {
    json document = find_incidents(run.metrics.document, wanted, most_incidents);
    document["run_id"] = run.id;
    return json_answer(document);
  });
}

Answer Api::server(const Request& request, Run& run) {
  const std::string tag = run.archive.refresh_observations(data_);
  return kept(request, tag, [&] {
    json document = run.archive.observations().told(most_observations);
    document["run_id"] = run.id;
    return json_answer(document);
  });
}

}  // namespace stresskit::dashboard
