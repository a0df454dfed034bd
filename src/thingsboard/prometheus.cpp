#include "stresskit/thingsboard/prometheus.hpp"

#include "thingsboard/http.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>

namespace stresskit::thingsboard {

namespace {

/// One line, "name{labels} value".
struct Line {
  std::string_view name;
  std::string_view labels;
  double value = 0;
};

std::optional<Line> parse(std::string_view text) {
  const std::size_t end_of_name = text.find_first_of("{ ");
  if (text.empty() || text.front() == '#' || end_of_name == std::string_view::npos) {
    return std::nullopt;
  }
  Line line;
  line.name = text.substr(0, end_of_name);
  std::string_view rest = text.substr(end_of_name);
  if (rest.front() == '{') {
    const std::size_t close = rest.rfind('}');
    if (close == std::string_view::npos) {
      return std::nullopt;
    }
    line.labels = rest.substr(1, close - 1);
    rest.remove_prefix(close + 1);
  }
  line.value = std::strtod(std::string(rest).c_str(), nullptr);
  return line;
}

void add(std::optional<double>& to, double value) {
  to = to.value_or(0) + value;
}

bool counts(const Line& line, std::string_view what) {
  return line.labels.find(what) != std::string_view::npos;
}

void take(const Line& line, ServerCounters& into) {
  const bool total = counts(line, "statsName=\"totalMsgs\"");
  if (line.name == "ruleEngine_producer_total") {
    if (total) {
      add(into.queued, line.value);
    }
    add(into.unanswered, total ? line.value : -line.value);
  } else if (line.name == "ruleEngine_Main_total") {
    if (total) {
      add(into.processed, line.value);
    } else if (counts(line, "statsName=\"timeoutMsgs\"")) {
      add(into.timed_out, line.value);
    } else if (counts(line, "statsName=\"failedMsgs\"")) {
      add(into.failed, line.value);
    }
  } else if (line.name.starts_with("ts_queue_")) {
    add(into.rows_waiting, total ? line.value : -line.value);  // added, less saved and failed
  } else if (line.name == "thingsboard_transport_connections_active") {
    add(into.connections, line.value);
  } else if (line.name == "process_cpu_usage") {
    add(into.process_cpu, line.value);
  } else if (line.name == "jvm_memory_used_bytes" && counts(line, "area=\"heap\"")) {
    add(into.heap_bytes, line.value);
  }
}

}  // namespace

std::optional<ServerCounters> read_prometheus(std::string_view text) {
  if (!text.starts_with("# ")) {
    return std::nullopt;
  }
  ServerCounters counters;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    if (const auto parsed = parse(line)) {
      take(*parsed, counters);
    }
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return counters;
}

class Prometheus::Impl {
 public:
  // To whom asks for JSON the endpoint answers 406.
  Impl(const config::ThingsBoard& server, std::stop_token stop)
      : http(server, std::move(stop), "text/plain") {}

  Http http;
};

Prometheus::Prometheus(const config::ThingsBoard& server, std::stop_token stop)
    : impl_(std::make_unique<Impl>(server, std::move(stop))) {}
Prometheus::~Prometheus() = default;

Answer<ServerCounters> Prometheus::read() {
  auto answer = impl_->http.send({}, {});
  if (!answer) {
    return support::failure(std::move(answer.error()));
  }
  if (const auto counters = read_prometheus(answer->body); counters && answer->status == 200) {
    return *counters;
  }
  ApiError error;
  error.kind = ErrorKind::bad_answer;
  error.http_status = answer->status;
  error.message =
      "no Prometheus text: METRICS_ENABLED=true and "
      "METRICS_ENDPOINTS_EXPOSE=prometheus switch it on";
  error.request = "GET TB_PROMETHEUS_URL";
  return support::failure(std::move(error));
}

}  // namespace stresskit::thingsboard
