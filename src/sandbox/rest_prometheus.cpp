// /actuator/prometheus, as the platform shows it with METRICS_ENABLED=true and
// METRICS_ENDPOINTS_EXPOSE=prometheus: no authentication, and of its many series those that follow
// a message from the transport to the database.
#include "sandbox/rest_endpoints.hpp"

#include <fmt/format.h>

#include <iterator>

namespace stresskit::sandbox {
namespace {

using Lines = std::back_insert_iterator<std::string>;

void head(Lines out, std::string_view name, std::string_view type) {
  fmt::format_to(out, "# HELP {} \n# TYPE {} {}\n", name, name, type);
}

void stats(Lines out, std::string_view name, std::uint64_t total, std::uint64_t successful,
           std::uint64_t failed, std::uint64_t timed_out) {
  head(out, name, "counter");
  for (const auto& [what, count] :
       {std::pair{"totalMsgs", total}, std::pair{"successfulMsgs", successful},
        std::pair{"failedMsgs", failed}, std::pair{"timeoutMsgs", timed_out}}) {
    fmt::format_to(out, "{}{{statsName=\"{}\",}} {}.0\n", name, what, count);
  }
}

void gauge(Lines out, std::string_view name, std::string_view labels, double value) {
  head(out, name, "gauge");
  fmt::format_to(out, "{}{} {}\n", name, labels, value);
}

std::string text(Platform& platform) {
  const LiveFigures live = platform.figures.live();
  const std::uint64_t waiting =
      platform.storage.waits_in_database() ? platform.storage.waiting_rows() : 0;
  // What waits for the database the rule engine has handed on.
  const QueueRow& done = live.processed;
  const std::uint64_t handed_on =
      platform.storage.waits_in_database() ? platform.storage.backlog() : 0;
  std::string out;
  const Lines lines = std::back_inserter(out);
  stats(lines, "ruleEngine_producer_total", live.accepted, live.accepted, 0, 0);
  stats(lines, "ruleEngine_Main_total", done.total() + handed_on, done.successful + handed_on,
        done.failed, done.timed_out);
  stats(lines, "ts_queue_0_total", live.stored_rows + waiting, live.stored_rows, 0, 0);
  gauge(lines, "thingsboard_transport_connections_active", "{protocol=\"MQTT\",}",
        static_cast<double>(platform.recorder.totals().sessions));
  gauge(lines, "process_cpu_usage", "", platform.cpu.process());
  return out;
}

bool takes_text(const std::string& accept) {
  const auto lists = [&](const char* type) { return accept.find(type) != std::string::npos; };
  return accept.empty() || lists("text/plain") || lists("text/*") || lists("*/*");
}

}  // namespace

void add_prometheus_routes(Router& router, Platform& platform) {
  router.add("GET", "/actuator/prometheus", Access::open, [&](const RestCall& call) {
    // Spring Boot's rule for actuators: whoever does not take the type gets nothing.
    if (!takes_text(call.accept)) {
      throw Refusal(406, code_bad_request, "No acceptable representation");
    }
    Answer answer = text_answer(200, text(platform));
    answer.content_type = "text/plain;version=0.0.4;charset=utf-8";
    return answer;
  });
}

}  // namespace stresskit::sandbox
