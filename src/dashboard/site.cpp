#include "dashboard/site.hpp"

#include "dashboard/banner.hpp"
#include "dashboard/run_list.hpp"
#include "dashboard/timeline.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace stresskit::dashboard {
namespace {

using nlohmann::json;

constexpr std::string_view json_type = "application/json";
constexpr std::size_t most_points = 2000;
constexpr std::size_t most_runs = 200;

struct MediaType {
  std::string_view ending;
  std::string_view type;
};
constexpr std::array<MediaType, 4> media_types{{{".html", "text/html; charset=utf-8"},
                                                {".css", "text/css; charset=utf-8"},
                                                {".js", "text/javascript; charset=utf-8"},
                                                {".txt", "text/plain; charset=utf-8"}}};

Answer json_answer(const json& document) {
  // A hostile name may hold bytes that are no UTF-8: they are replaced, never an exception.
  return {.type = std::string(json_type),
          .body = document.dump(-1, ' ', false, json::error_handler_t::replace) + "\n"};
}

bool same_tag(const std::string& if_none_match, const std::string& tag) {
  return !tag.empty() &&
         (if_none_match == "*" || if_none_match.find('"' + tag + '"') != std::string::npos);
}

std::string parameter(const Request& request, const std::string& name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string() : found->second;
}

/// A number out of the query; `otherwise` when it is not given, nothing when it is no number.
std::optional<double> number(const Request& request, const std::string& name, double otherwise) {
  const std::string text = parameter(request, name);
  if (text.empty()) {
    return otherwise;
  }
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
  return whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

json column_json(const std::vector<double>& column) {
  json values = json::array();
  for (const double value : column) {
    const bool integral = std::floor(value) == value && std::abs(value) < 9e15;
    values.push_back(integral ? json(static_cast<std::int64_t>(value)) : json(value));
  }
  return values;
}

json timeline_json(const std::string& run_id, std::size_t rows, const Timeline& shown) {
  json columns = json::object();
  for (std::size_t i = 0; i < shown.names.size(); ++i) {
    columns[shown.names[i]] = column_json(shown.columns[i]);
  }
  return {{"run_id", run_id},
          {"rows", rows},
          {"thinned", shown.rows() < rows},
          {"columns", std::move(columns)}};
}

}  // namespace

Answer error_answer(int status, std::string_view sentence) {
  Answer answer = json_answer({{"error", sentence}});
  answer.status = status;
  return answer;
}

Site::Site(config::Dashboard settings, const std::filesystem::path& data_folder,
           const std::filesystem::path& web_folder, WhoRuns who_runs, support::Clock& clock)
    : settings_(std::move(settings)),
      web_(web_folder),
      published_(data_folder),
      who_runs_(std::move(who_runs)),
      clock_(clock) {}

Answer Site::answer(const Request& request) {
  if (request.method != "GET" && request.method != "HEAD") {
    return error_answer(405, "only GET and HEAD are answered here");
  }
  Answer answer = find(request);
  if (answer.status == 200 && same_tag(request.if_none_match, answer.tag)) {
    answer.status = 304;
    answer.type.clear();
    answer.body.clear();
  }
  return answer;
}

Answer Site::find(const Request& request) {
  const std::string_view path = request.path;
  if (path == "/") {
    return page_file("index.html");
  }
  if (path.starts_with("/css/") || path.starts_with("/js/") || path.starts_with("/vendor/")) {
    return page_file(path.substr(1));
  }
  if (path == "/metrics") {
    return metrics();
  }
  if (path == "/api/state") {
    return state();
  }
  if (path == "/api/timeline") {
    return timeline(request);
  }
  if (path == "/api/runs") {
    return runs();
  }
  if (path == "/healthz") {
    return json_answer({{"status", "ok"}});
  }
  return error_answer(404, "there is nothing under this path");
}

Answer Site::page_file(std::string_view path) const {
  for (const MediaType& known : media_types) {
    if (!path.ends_with(known.ending)) {
      continue;
    }
    const auto file = web_.open(path);
    auto contents = file.and_then([](const PublishedFile& open) { return open.contents(); });
    if (!contents) {
      return contents.error().missing
                 ? error_answer(404, "the page has no such file")
                 : error_answer(500, "the page's file cannot be read: " + contents.error().reason);
    }
    return {.type = std::string(known.type),
            .body = std::move(*contents),
            .tag = file->tag(),
            .changes_often = false};
  }
  return error_answer(404, "the page has no such file");
}

Answer Site::metrics() {
  const MetricsView& file = metrics_.look(published_);
  if (file.head) {
    return {.type = std::string(json_type), .body = file.bytes, .tag = file.tag};
  }
  return file.problem->missing
             ? error_answer(404,
                            "metrics.json: there is no such file yet; run provision or "
                            "run_telemetry with this data directory")
             : error_answer(503, "metrics.json cannot be used: " + file.problem->reason);
}

Answer Site::state() {
  const double now = support::unix_seconds(clock_.wall());
  const MetricsView& file = metrics_.look(published_);
  const Banner banner = decide_banner(file, who_runs_(), now);
  const MetricsHead head = file.head.value_or(MetricsHead{});
  const auto refresh = std::chrono::duration_cast<std::chrono::milliseconds>(settings_.refresh);
  return json_answer({{"state", banner.state},
                      {"reason", banner.reason},
                      {"message", banner.message},
                      {"advice", banner.advice},
                      {"run_id", head.run_id},
                      {"updated_at", head.updated_at},
                      {"now", now},
                      {"refresh_ms", refresh.count()}});
}

Answer Site::timeline(const Request& request) {
  const std::string run_id = parameter(request, "run");
  if (!run_start(run_id)) {
    return error_answer(400, "run must be a run id such as 20261123T101500Z-4f2a");
  }
  const auto from = number(request, "from", -std::numeric_limits<double>::max());
  const auto to = number(request, "to", std::numeric_limits<double>::max());
  const auto points = number(request, "points", most_points);
  if (!from || !to || !points || *points < 10 || *points > most_points) {
    return error_answer(400,
                        fmt::format("from and to must be seconds, points 10 to {}", most_points));
  }
  const auto file = published_.open(timeline_path(run_id));
  if (!file) {
    return error_answer(file.error().missing ? 404 : 503,
                        "the run has no timeline: " + file.error().reason);
  }
  const auto csv = file->contents();
  if (!csv) {
    return error_answer(503, "timeline.csv cannot be read: " + csv.error().reason);
  }
  const auto whole = parse_timeline(*csv);
  if (!whole) {
    return error_answer(503, "timeline.csv cannot be used: " + whole.error());
  }
  const Timeline wanted = cut(*whole, *from, *to);
  Answer answer = json_answer(
      timeline_json(run_id, wanted.rows(), thin_out(wanted, static_cast<std::size_t>(*points))));
  answer.tag = file->tag();
  return answer;
}

Answer Site::runs() const {
  json list = json::array();
  for (const RunEntry& run : list_runs(published_, most_runs)) {
    list.push_back({{"run_id", run.run_id},
                    {"started_at", run.started_at},
                    {"has_timeline", run.has_timeline}});
  }
  return json_answer({{"runs", std::move(list)}});
}

}  // namespace stresskit::dashboard
