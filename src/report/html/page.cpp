#include "charts.hpp"
#include "report/text.hpp"
#include "sections.hpp"
#include "style.hpp"

#include "stresskit/report/outputs.hpp"
#include "stresskit/support/format.hpp"

#include <fmt/format.h>

namespace stresskit::report {

namespace {

std::string head(const metrics::Snapshot& s) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\"><title>{} · telemetry stress run</title><style>{}</style></head>\n",
      escaped(s.run_id), style);
}

std::string title(const metrics::RunRecord& run) {
  const metrics::Snapshot& s = run.last;
  return fmt::format(
      "<h1>Telemetry stress run {}</h1><p class=\"meta\">{} · {} · {} · engine {}, QoS {}</p>\n",
      escaped(s.run_id), time_text(s.started_at),
      support::format_duration(support::from_seconds(s.elapsed_s)),
      support::format_count(s.device_count, "device"), escaped(s.engine), s.qos);
}

std::string charts(const metrics::RunRecord& run) {
  const std::string all = latency_chart(run.last) + spread_chart(run.last) +
                          percentile_chart(run.histograms) + devices_chart(run) +
                          freshness_chart(run) + server_charts(run) + failures_chart(run.last);
  return all.empty() ? ""
                     : fmt::format("<h2>Over the run</h2><div class=\"charts\">{}</div>\n", all);
}

}  // namespace

std::string html(const metrics::RunRecord& run) {
  const metrics::Snapshot& s = run.last;
  std::string text = head(s) + "<body><main>\n" + title(run) + verdict_section(run) +
                     gaps_section(run) + tiles_section(s) + thresholds_section(s) +
                     limits_section(s) + missing_section(s) + charts(run) + stages_section(s) +
                     ladders_section(s) + ledger_section(s) + generator_section(s) +
                     server_section(s) + devices_section(s) + settings_section(run);
  text += fmt::format(
      "<footer>ThingsBoard Telemetry Stress Kit {}. Latency counts from the instant a message was "
      "due. Acknowledged means the server's queue has the message; it does not mean stored."
      "</footer>\n</main></body></html>\n",
      escaped(run.version));
  return text;
}

}  // namespace stresskit::report
