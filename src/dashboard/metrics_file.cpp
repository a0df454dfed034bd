#include "dashboard/metrics_file.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace stresskit::dashboard {
namespace {

using nlohmann::json;

MetricsView broken(std::string reason) {
  return {.problem = FileProblem{.missing = false, .reason = std::move(reason)}};
}

std::string text_of(const json& file, const char* key) {
  const auto found = file.find(key);
  return found != file.end() && found->is_string() ? found->get<std::string>() : std::string();
}

double number_of(const json& file, const char* key) {
  const auto found = file.find(key);
  return found != file.end() && found->is_number() ? found->get<double>() : 0;
}

std::int64_t whole_of(const json& file, const char* key) {
  const auto found = file.find(key);
  return found != file.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

bool known_status(std::string_view status) {
  constexpr std::array<std::string_view, 4> known{"idle", "running", "stopping", "stopped"};
  return std::find(known.begin(), known.end(), status) != known.end();
}

bool counts_storage(const json& file) {
  const auto found = file.find("verification");
  return found != file.end() && found->is_object() && text_of(*found, "state") == "running";
}

/// The writer's last sign of life; files of the original kit have only `timestamp`.
double last_update(const json& file) {
  return file.contains("updated_at") ? number_of(file, "updated_at") : number_of(file, "timestamp");
}

}  // namespace

MetricsView read_metrics(std::string bytes) {
  if (bytes.empty()) {
    return broken("it is empty (0 bytes)");
  }
  json file = json::parse(bytes, nullptr, false);
  if (file.is_discarded()) {
    return broken("it is no JSON, or only a part of it");
  }
  if (!file.is_object()) {
    return broken("it is JSON, but no object");
  }
  MetricsHead head{.status = text_of(file, "status"),
                   .message = text_of(file, "message"),
                   .phase = text_of(file, "phase"),
                   .run_id = text_of(file, "run_id"),
                   .pid = whole_of(file, "pid"),
                   .updated_at = last_update(file),
                   .write_sec = number_of(file, "write_sec"),
                   .counts_storage = counts_storage(file)};
  if (!known_status(head.status)) {
    return broken("its \"status\" is none of idle, running, stopping and stopped");
  }
  return {.head = std::move(head), .document = std::move(file), .bytes = std::move(bytes)};
}

const MetricsView& MetricsFile::look(const PublishedFolder& folder) {
  const auto file = folder.open(relative_);
  if (!file) {
    last_ = {.problem = file.error()};
    return last_;
  }
  if (!last_.tag.empty() && file->tag() == last_.tag) {
    return last_;
  }
  auto bytes = file->contents();
  last_ = bytes ? read_metrics(std::move(*bytes)) : MetricsView{.problem = bytes.error()};
  last_.tag = file->tag();
  return last_;
}

}  // namespace stresskit::dashboard
