#include "dashboard/api.hpp"

#include "dashboard/prometheus_text.hpp"

#include "stresskit/support/error.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <functional>
#include <utility>

namespace stresskit::dashboard {

using nlohmann::json;

namespace {

constexpr std::size_t most_runs = 200;
constexpr std::size_t most_kept = 64;

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

}  // namespace

Api::Api(config::Dashboard settings, const std::filesystem::path& data_folder, WhoRuns who_runs,
         support::Clock& clock)
    : settings_(std::move(settings)),
      data_(data_folder),
      who_runs_(std::move(who_runs)),
      clock_(clock) {}

std::optional<Answer> Api::answer(const Request& request) {
  using About = Answer (Api::*)(const Request&, Run&);
  constexpr std::array<std::pair<std::string_view, About>, 8> about_runs{
      {{"/api/summary", &Api::summary},
       {"/api/timeline", &Api::timeline},
       {"/api/bursts", &Api::bursts},
       {"/api/devices", &Api::devices},
       {"/api/names", &Api::names},
       {"/api/device", &Api::device},
       {"/api/incidents", &Api::incidents},
       {"/api/server", &Api::server}}};
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
  const MetricsView& file = metrics_.look(data_);
  try {
    return decide_banner(file, who_runs_(), support::unix_seconds(clock_.wall()));
  } catch (const support::Error& error) {
    return banner_of_unknown_holder(error.what());
  }
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
