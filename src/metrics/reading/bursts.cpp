#include "files.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stresskit::metrics {

namespace {

std::optional<ShortLadder> short_ladder(const Json& json) {
  const auto p50 = number(json, "p50");
  const auto p99 = number(json, "p99");
  const auto max = number(json, "max");
  return p50 && p99 && max ? std::optional(ShortLadder{*p50, *p99, *max}) : std::nullopt;
}

bool marked(const Json& json, std::string_view mark) {
  const Json& marks = member(json, "marks");
  return marks.is_array() && std::find(marks.begin(), marks.end(), mark) != marks.end();
}

std::optional<BurstRow> burst(const Json& json) {
  const auto k = whole(json, "k");
  const auto due = number(json, "due");
  const auto counts = counters(json);
  if (!k || !due || !counts) {
    return std::nullopt;
  }
  BurstRow row;
  row.k = *k;
  row.due = *due;
  row.counters = *counts;
  row.not_connected = whole(json, "not_connected").value_or(0);  // of an older kit: not told
  row.release_lateness_ms = number(json, "release_lateness_ms");
  row.spread_ms = number(json, "spread_ms");
  row.from_due_ms = short_ladder(member(json, "ack_from_due_ms"));
  row.from_write_ms = short_ladder(member(json, "ack_from_write_ms"));
  row.ack_drain_ms = number(json, "ack_drain_ms");
  row.late = marked(json, "late");
  row.slow = marked(json, "slow");
  row.missed = marked(json, "missed");
  return row;
}

std::size_t stage_of(const std::vector<StageRow>& stages, std::uint64_t k) {
  const auto next = std::upper_bound(
      stages.begin(), stages.end(), k,
      [](std::uint64_t number, const StageRow& row) { return number < row.first_burst; });
  return static_cast<std::size_t>(next - stages.begin()) - 1;  // the first begins with burst 0
}

/// Bursts are counted from 0 without a hole.
void report_holes(const std::vector<BurstRow>& bursts, Gaps& gaps) {
  std::uint64_t expected = 0;
  std::size_t holes = 0;
  std::uint64_t missing = 0;
  std::string first;
  for (const BurstRow& row : bursts) {
    if (row.k > expected) {
      missing += row.k - expected;
      if (holes++ == 0) {
        first = row.k == expected + 1
                    ? fmt::format("burst {} is missing", expected)
                    : fmt::format("bursts {} to {} are missing", expected, row.k - 1);
      }
    }
    expected = row.k + 1;
  }
  if (holes > 0) {
    gaps.push_back(fmt::format("bursts.ndjson: {}{}", first,
                               holes > 1 ? fmt::format(", {} in all", missing) : ""));
  }
}

}  // namespace

void read_bursts(RunRecord& record) {
  std::map<std::uint64_t, BurstRow> by_k;
  for_each_row(record.folder / "bursts.ndjson", record.gaps, [&](std::string_view text) {
    const auto json = parse_object(text);
    auto row = json ? burst(*json) : std::nullopt;
    if (row) {
      by_k[row->k] = *row;
    }
    return row.has_value();
  });
  for (auto& [k, row] : by_k) {
    row.warmup = k < record.last.warmup;
    row.stage = stage_of(record.last.stages, k);
    record.last.bursts.push_back(row);
  }
  report_holes(record.last.bursts, record.gaps);
}

}  // namespace stresskit::metrics
