#include "dashboard/prometheus_text.hpp"

#include <nlohmann/json.hpp>
#include <prometheus/text_serializer.h>

#include <array>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace stresskit::dashboard {
namespace {

using nlohmann::json;
using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

/// A number in the metrics file, what it is called, and by what it is multiplied to come into base
/// units.
struct Plain {
  const char* path = "";  ///< JSON pointer
  const char* name = "";
  const char* help = "";
  MetricType type = MetricType::Untyped;
  double factor = 1;
};
constexpr std::array<Plain, 18> plain_figures{{
    {"/device_count", "stresskit_devices", "Simulated devices of the run.", MetricType::Gauge},
    {"/reconnects", "stresskit_reconnects_total", "Connections accepted again after a loss.",
     MetricType::Counter},
    {"/acknowledged_ratio", "stresskit_acknowledged_ratio",
     "Acknowledged messages by planned ones, 0 to 1.", MetricType::Gauge},
    {"/total_volume_mb", "stresskit_payload_bytes_total", "Payload of all messages sent.",
     MetricType::Counter, 1e6},
    {"/bandwidth_mbps", "stresskit_bandwidth_bytes_per_second",
     "Payload over the last five seconds.", MetricType::Gauge, 1e6 / 8},
    {"/elapsed_s", "stresskit_elapsed_seconds", "Since the start of the run.", MetricType::Gauge},
    {"/started_at", "stresskit_start_time_seconds", "When the run began, unix time.",
     MetricType::Gauge},
    {"/updated_at", "stresskit_last_update_time_seconds",
     "When the run last wrote its figures, unix time.", MetricType::Gauge},
    {"/interval_sec", "stresskit_interval_seconds", "From one burst to the next.",
     MetricType::Gauge},
    {"/bursts_due", "stresskit_bursts_due_total", "Bursts whose due time was reached.",
     MetricType::Counter},
    {"/collapse/at_s", "stresskit_collapse_seconds",
     "From the first due time until no device was connected.", MetricType::Gauge},
    {"/collapse/recovered_at_s", "stresskit_recovery_seconds",
     "From the first due time until 99 % were connected again.", MetricType::Gauge},
    {"/generator/cpu_share", "stresskit_generator_cpu_ratio",
     "The run's share of this machine's processors.", MetricType::Gauge},
    {"/generator/busiest_worker_cpu", "stresskit_generator_busiest_worker_cpu_ratio",
     "The busiest worker's share of one processor.", MetricType::Gauge},
    {"/generator/loop_lag_ms_p99", "stresskit_generator_loop_lag_p99_seconds",
     "How late a worker's loop comes back, 99th percentile.", MetricType::Gauge, 1e-3},
    {"/generator/open_files", "stresskit_generator_open_files", "Open files of the run's process.",
     MetricType::Gauge},
    {"/generator/tcp_retransmits", "stresskit_generator_tcp_retransmits_total",
     "TCP segments sent again.", MetricType::Counter},
    {"/generator/was_bottleneck", "stresskit_generator_was_bottleneck",
     "1 when this machine, not the server, set the pace.", MetricType::Gauge},
}};

/// Several numbers of one object that become one metric with a label.
struct Labelled {
  const char* path = "";
  const char* name = "";
  const char* help = "";
  MetricType type = MetricType::Untyped;
  const char* label = "";
  std::initializer_list<std::pair<const char*, const char*>> values;  ///< key, value of the label
};
const std::array<Labelled, 3> labelled_figures{{
    {"",
     "stresskit_devices_by_state",
     "Devices by state.",
     MetricType::Gauge,
     "state",
     {{"connecting_devices", "connecting"},
      {"connected_devices", "connected"},
      {"disconnected_devices", "disconnected"},
      {"failed_devices", "failed"}}},
    {"/totals",
     "stresskit_messages_total",
     "Messages by outcome; planned = attempted + skipped, attempted = sent + failed.",
     MetricType::Counter,
     "outcome",
     {{"planned", "planned"},
      {"attempted", "attempted"},
      {"skipped", "skipped"},
      {"sent", "sent"},
      {"failed", "failed"},
      {"acknowledged", "acknowledged"},
      {"lost", "lost"},
      {"unacknowledged", "unacknowledged"}}},
    {"/generator",
     "stresskit_bursts_marked_total",
     "Bursts that this machine spoilt, by mark.",
     MetricType::Counter,
     "mark",
     {{"late_bursts", "late"}, {"slow_bursts", "slow"}, {"missed_bursts", "missed"}}},
}};

std::optional<double> number_at(const json& document, const json::json_pointer& path) {
  if (!document.contains(path)) {
    return std::nullopt;
  }
  const json& value = document.at(path);
  if (value.is_boolean()) {
    return value.get<bool>() ? 1.0 : 0.0;
  }
  return value.is_number() ? std::optional(value.get<double>()) : std::nullopt;
}

ClientMetric metric(MetricType type, double value, Labels labels = {}) {
  ClientMetric made;
  made.label = std::move(labels);
  (type == MetricType::Counter ? made.counter.value : made.gauge.value) = value;
  return made;
}

void add_plain(std::vector<MetricFamily>& to, const json& document) {
  for (const Plain& figure : plain_figures) {
    if (const auto value = number_at(document, json::json_pointer(figure.path))) {
      to.push_back(
          {figure.name, figure.help, figure.type, {metric(figure.type, *value * figure.factor)}});
    }
  }
}

void add_labelled(std::vector<MetricFamily>& to, const json& document) {
  for (const Labelled& figure : labelled_figures) {
    MetricFamily family{figure.name, figure.help, figure.type, {}};
    for (const auto& [key, value] : figure.values) {
      if (const auto found = number_at(document, json::json_pointer(figure.path) / key)) {
        family.metric.push_back(metric(figure.type, *found, {{figure.label, value}}));
      }
    }
    to.push_back(std::move(family));
  }
}

/// By stage and bucket; the details, which may be any text, are left to people.
void add_failures(std::vector<MetricFamily>& to, const json& document) {
  std::map<std::pair<std::string, std::string>, double> sums;
  const auto failures = document.find("failures");
  for (const json& row :
       failures != document.end() && failures->is_array() ? *failures : json::array()) {
    if (row.is_object() && row.contains("count") && row["count"].is_number() &&
        row.contains("stage") && row["stage"].is_string() && row.contains("bucket") &&
        row["bucket"].is_string()) {
      sums[{row["stage"].get<std::string>(), row["bucket"].get<std::string>()}] +=
          row["count"].get<double>();
    }
  }
  MetricFamily family{
      "stresskit_failures_total", "Failures by stage and bucket.", MetricType::Counter, {}};
  for (const auto& [where, count] : sums) {
    family.metric.push_back(
        metric(MetricType::Counter, count, {{"stage", where.first}, {"bucket", where.second}}));
  }
  to.push_back(std::move(family));
}

/// {"le_ms": [...], "counts": cumulative [...], "count", "sum_ms"}; nothing when it is not so.
std::optional<ClientMetric::Histogram> histogram_of(const json& from) {
  if (!from.is_object() || !from.contains("le_ms") || !from.contains("counts") ||
      !from["le_ms"].is_array() || !from["counts"].is_array() ||
      from["le_ms"].size() != from["counts"].size()) {
    return std::nullopt;
  }
  ClientMetric::Histogram histogram;
  for (std::size_t i = 0; i < from["le_ms"].size(); ++i) {
    const json& bound = from["le_ms"][i];
    const json& count = from["counts"][i];
    if (!bound.is_number() || !count.is_number_unsigned()) {
      return std::nullopt;
    }
    histogram.bucket.push_back({count.get<std::uint64_t>(), bound.get<double>() / 1e3});
  }
  const auto count = from.find("count");
  histogram.sample_count =
      count != from.end() && count->is_number_unsigned() ? count->get<std::uint64_t>() : 0;
  histogram.sample_sum = number_at(from, json::json_pointer("/sum_ms")).value_or(0) / 1e3;
  histogram.bucket.push_back({histogram.sample_count, std::numeric_limits<double>::infinity()});
  return histogram;
}

/// A name as Prometheus allows it.
std::string safe_name(std::string_view text) {
  std::string name;
  for (const char c : text) {
    const bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    name += fits ? c : '_';
  }
  return name;
}

void add_histograms(std::vector<MetricFamily>& to, const json& document) {
  const auto all = document.find("histogram_buckets");
  if (all == document.end() || !all->is_object()) {
    return;
  }
  for (const auto& [name, from] : all->items()) {
    if (auto histogram = histogram_of(from)) {
      MetricFamily family{"stresskit_" + safe_name(name) + "_seconds",
                          "Distribution of " + safe_name(name) + ", docs/formats.md.",
                          MetricType::Histogram,
                          {}};
      family.metric.emplace_back().histogram = std::move(*histogram);
      to.push_back(std::move(family));
    }
  }
}

void add_state(std::vector<MetricFamily>& to, const MetricsView& file, const Banner& banner) {
  MetricFamily family{"stresskit_state",
                      "1 for the state of the data directory, 0 for the others.",
                      MetricType::Gauge,
                      {}};
  for (const char* state :
       {"missing", "idle", "running", "stopping", "stopped", "stale", "broken"}) {
    family.metric.push_back(
        metric(MetricType::Gauge, banner.state == state ? 1 : 0, {{"state", state}}));
  }
  to.push_back(std::move(family));
  if (!file.head || file.head->run_id.empty()) {
    return;
  }
  const auto text = [&file](const char* key) {
    const auto found = file.document.find(key);
    return found != file.document.end() && found->is_string() ? found->get<std::string>()
                                                              : std::string();
  };
  to.push_back({"stresskit_run_info",
                "Which run the figures are of.",
                MetricType::Gauge,
                {metric(MetricType::Gauge, 1,
                        {{"run_id", file.head->run_id}, {"engine", text("engine")}})}});
}

}  // namespace

bool wants_prometheus_text(std::string_view accept) {
  return accept.find("text/plain") != std::string_view::npos ||
         accept.find("application/openmetrics-text") != std::string_view::npos;
}

std::string prometheus_text(const MetricsView& file, const Banner& banner) {
  std::vector<MetricFamily> families;
  add_state(families, file, banner);
  if (file.head && file.head->status != "idle") {
    add_plain(families, file.document);
    add_labelled(families, file.document);
    add_failures(families, file.document);
    add_histograms(families, file.document);
  }
  return prometheus::TextSerializer().prometheus::Serializer::Serialize(families);
}

}  // namespace stresskit::dashboard
