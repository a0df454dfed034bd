#include "dashboard/api.hpp"

#include "dashboard/incidents.hpp"
#include "dashboard/prometheus_text.hpp"
#include "dashboard/query.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <functional>
#include <limits>
#include <utility>

namespace stresskit::dashboard {

using nlohmann::json;

namespace {

constexpr std::size_t most_points = 2000;
constexpr std::size_t most_runs = 200;
constexpr std::size_t most_incidents = 40;
constexpr std::size_t most_outcomes = 120;
constexpr std::size_t most_kept = 64;

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

std::string tag_of(const std::string& text) {
  return fmt::format("{:x}", std::hash<std::string>{}(text));
}

json banner_json(const Banner& banner) {
  return {{"state", banner.state},   {"reason", banner.reason}, {"message", banner.message},
          {"advice", banner.advice}, {"form", banner.form},     {"args", banner.args}};
}

/// "/runs/20261123T101500Z-4f2a/report.html": the id of the run; nothing for any other path.
std::optional<std::string> run_of_report(std::string_view path) {
  constexpr std::string_view begin = "/runs/";
  constexpr std::string_view end = "/report.html";
  if (!path.starts_with(begin) || !path.ends_with(end) || path.size() < begin.size() + end.size()) {
    return std::nullopt;
  }
  std::string id(path.substr(begin.size(), path.size() - begin.size() - end.size()));
  return run_start(id) ? std::optional(std::move(id)) : std::nullopt;
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
  const MetricsView& metrics;  ///< of the current run metrics.json, else summary.json
  RunArchive& archive;
};

Api::Api(config::Dashboard settings, const std::filesystem::path& data_folder, WhoRuns who_runs,
         support::Clock& clock)
    : settings_(std::move(settings)),
      data_(data_folder),
      who_runs_(std::move(who_runs)),
      clock_(clock) {}

std::optional<Answer> Api::answer(const Request& request) {
  using About = Answer (Api::*)(const Request&, Run&);
  constexpr std::array<std::pair<std::string_view, About>, 7> about_runs{
      {{"/api/summary", &Api::summary},
       {"/api/timeline", &Api::timeline},
       {"/api/bursts", &Api::bursts},
       {"/api/devices", &Api::devices},
       {"/api/names", &Api::names},
       {"/api/device", &Api::device},
       {"/api/incidents", &Api::incidents}}};
  for (const auto& [path, about] : about_runs) {
    if (request.path == path) {
      return about_run(request, about);
    }
  }
  if (request.path == "/metrics") {
    return metrics(request);
  }
  if (request.path == "/api/state") {
    return state(request);
  }
  if (request.path == "/api/runs") {
    return runs(request);
  }
  if (const auto run_id = run_of_report(request.path)) {
    return report(*run_id);
  }
  return std::nullopt;
}

Banner Api::banner() {
  return decide_banner(metrics_.look(data_), who_runs_(), support::unix_seconds(clock_.wall()));
}

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
  Run run{id, is_current, is_current ? current : archive.summary(data_), archive};
  archive.devices().expect(device_count(run.metrics.document));
  return (this->*about)(request, run);
}

/// The answer of an earlier, equal request while `tag`, which names the state of all that it is
/// made from, is the same.
Answer Api::kept(const Request& request, const std::string& tag,
                 const std::function<Answer()>& make) {
  std::string key = request.path;
  for (const auto& [name, value] : request.query) {
    key += fmt::format("\n{}={}", name, value);
  }
  const auto found = kept_.find(key);
  if (found != kept_.end() && found->second.tag == tag) {
    return found->second;
  }
  Answer answer = make();
  if (answer.status != 200) {
    return answer;
  }
  answer.tag = tag;
  pack(answer);
  if (kept_.size() >= most_kept && found == kept_.end()) {
    kept_.clear();
  }
  return kept_[std::move(key)] = std::move(answer);
}

Answer Api::metrics(const Request& request) {
  const MetricsView& file = metrics_.look(data_);
  if (wants_prometheus_text(request.accept)) {
    return {.type = std::string(prometheus_type), .body = prometheus_text(file, banner())};
  }
  if (file.head) {
    return kept(request, file.tag,
                [&file] { return Answer{.type = std::string(json_type), .body = file.bytes}; });
  }
  return file.problem->missing
             ? error_answer(404,
                            "metrics.json: there is no such file yet; run provision or "
                            "run_telemetry with this data directory")
             : error_answer(503, "metrics.json cannot be used: " + file.problem->reason);
}

Answer Api::state(const Request&) {
  const MetricsView& file = metrics_.look(data_);
  json document = banner_json(banner());
  const MetricsHead head = file.head.value_or(MetricsHead{});
  document["run_id"] = head.run_id;
  document["updated_at"] = head.updated_at;
  document["now"] = support::unix_seconds(clock_.wall());
  return json_answer(document);
}

Answer Api::runs(const Request& request) {
  const Answer fresh = json_answer(run_list_.look(data_, most_runs));
  return kept(request, tag_of(fresh.body), [&fresh] { return fresh; });
}

Answer Api::summary(const Request& request, Run& run) {
  const std::string known = text_in(request, "since");
  const Banner says = run.is_current ? banner() : banner_of_earlier_run(run.metrics);
  const auto refresh = std::chrono::duration_cast<std::chrono::milliseconds>(settings_.refresh);
  json document = {{"banner", banner_json(says)},
                   {"run_id", run.id},
                   {"is_current", run.is_current},
                   {"refresh_ms", refresh.count()},
                   {"version", run.metrics.tag},
                   // What has news, so that a page asks for nothing else.
                   {"news",
                    {{"timeline", run.archive.refresh_timeline(data_).tag},
                     {"bursts", run.archive.refresh_bursts(data_).tag},
                     {"devices", run.archive.refresh_devices(data_).tag}}}};
  return kept(request, tag_of(document.dump(-1, ' ', false, json::error_handler_t::replace)), [&] {
    if (run.metrics.head && run.metrics.tag != known) {
      document["metrics"] = without_long_lists(run.metrics.document);
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

Answer Api::report(const std::string& run_id) const {
  const auto file = data_.open(archive_path(run_id, "report.html"));
  auto contents = file.and_then([](const PublishedFile& open) { return open.contents(); });
  if (!contents) {
    return contents.error().missing
               ? error_answer(404, "the run has no report yet; make_report writes it")
               : error_answer(503, "the report cannot be read: " + contents.error().reason);
  }
  return {.type = "text/html; charset=utf-8",
          .body = std::move(*contents),
          .tag = file->tag(),
          .changes_often = false,
          .is_report = true};
}

}  // namespace stresskit::dashboard
