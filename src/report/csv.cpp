#include "stresskit/support/csv.hpp"

#include "text.hpp"

#include "stresskit/report/outputs.hpp"

#include <fmt/format.h>

namespace stresskit::report {

namespace {

std::string field(const std::optional<double>& value) {
  return value ? fmt::format("{:.3f}", *value) : "";
}

std::string ladder_fields(const std::optional<metrics::ShortLadder>& ladder) {
  return ladder ? fmt::format("{:.3f},{:.3f},{:.3f}", ladder->p50, ladder->p99, ladder->max) : ",,";
}

template <class Int>
std::string counters_fields(const metrics::BasicCounters<Int>& c) {
  return fmt::format("{},{},{},{},{},{},{},{},{}", c.planned(), c.attempted(), c.skipped(),
                     c.sent(), c.failed(), c.acknowledged(), c.lost(), c.unacknowledged(),
                     c.in_flight());
}

std::string text_field(std::string_view text) {
  return support::csv_field(clean(text));
}

}  // namespace

std::string bursts_csv(const metrics::RunRecord& run) {
  std::string text =
      "k,due,stage,warmup,late,slow,missed,release_lateness_ms,spread_ms,planned,attempted,skipped,"
      "sent,failed,acknowledged,lost,unacknowledged,in_flight,ack_from_due_p50_ms,"
      "ack_from_due_p99_ms,ack_from_due_max_ms,ack_from_write_p50_ms,ack_from_write_p99_ms,"
      "ack_from_write_max_ms,ack_drain_ms\r\n";
  for (const metrics::BurstRow& row : run.last.bursts) {
    text += fmt::format("{},{:.3f},{},{:d},{:d},{:d},{:d},{},{},{},{},{},{}\r\n", row.k, row.due,
                        row.stage, row.warmup, row.late, row.slow, row.missed,
                        field(row.release_lateness_ms), field(row.spread_ms),
                        counters_fields(row.counters), ladder_fields(row.from_due_ms),
                        ladder_fields(row.from_write_ms), field(row.ack_drain_ms));
  }
  return text;
}

std::string devices_csv(const metrics::RunRecord& run) {
  std::string text =
      "index,name,device_id,status,last_seen,last_failure,failure_stage,failure_reason,"
      "failure_detail,planned,attempted,skipped,sent,failed,acknowledged,lost,unacknowledged,"
      "in_flight\r\n";
  for (const metrics::DeviceRow& row : run.last.devices) {
    text += fmt::format(
        "{},{},{},{},{},{},{},{},{},{}\r\n", row.index, text_field(row.name),
        text_field(row.device_id), to_string(row.state), field(row.last_seen),
        field(row.last_failure), row.failure ? fleet::to_string(row.failure->stage) : "",
        row.failure ? fleet::to_string(row.failure->bucket) : "",
        row.failure ? text_field(row.failure->detail) : "", counters_fields(row.counters));
  }
  return text;
}

}  // namespace stresskit::report
