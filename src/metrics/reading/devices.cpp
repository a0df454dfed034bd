#include "files.hpp"
#include "parsed.hpp"

#include "stresskit/support/csv.hpp"

#include <fmt/format.h>

#include <array>

namespace stresskit::metrics {

namespace {

using Record = support::CsvReader::Record;

// The columns, in their order.
enum Column : std::size_t {
  index,
  name,
  device_id,
  status,
  last_stage,
  last_seen,
  last_failure,
  failure_reason,
  failure_detail,
  planned,
  attempted,
  skipped,
  sent,
  failed,
  acknowledged,
  lost,
  unacknowledged,
  columns
};

std::optional<SmallCounters> counters_of(const Record& fields) {
  SmallCounters::Parts parts;
  for (const auto& [into, column] :
       {std::pair{&parts.skipped, skipped}, std::pair{&parts.sent, sent},
        std::pair{&parts.failed, failed}, std::pair{&parts.acknowledged, acknowledged},
        std::pair{&parts.lost, lost}, std::pair{&parts.unacknowledged, unacknowledged}}) {
    const auto value = parsed<std::uint32_t>(fields[column]);
    if (!value) {
      return std::nullopt;
    }
    *into = *value;
  }
  return SmallCounters::from(parts);
}

std::optional<DeviceRow> row_of(const Record& fields) {
  if (fields.size() != columns) {
    return std::nullopt;
  }
  const auto number = parsed<std::uint64_t>(fields[index]);
  const auto state = device_state_from(fields[status]);
  const auto counts = counters_of(fields);
  if (!number || !state || !counts) {
    return std::nullopt;
  }
  DeviceRow row;
  row.index = *number;
  row.name = fields[name];
  row.device_id = fields[device_id];
  row.state = *state;
  row.last_stage = fleet::stage_from(fields[last_stage]).value_or(fleet::Stage::startup);
  row.last_seen = parsed<double>(fields[last_seen]);
  row.last_failure = parsed<double>(fields[last_failure]);
  if (const auto bucket = fleet::bucket_from(fields[failure_reason])) {
    row.failure = fleet::Failure{row.last_stage, *bucket, fields[failure_detail], std::nullopt};
  }
  row.counters = *counts;
  return row;
}

void take_rows(const std::string& text, RunRecord& record) {
  support::CsvReader reader(text);
  Record fields;
  reader.next(fields);  // the header
  BadRows bad;
  for (std::size_t number = 2; !reader.done(); ++number) {
    const bool whole = reader.next(fields);
    if (!whole) {
      reader.skip_line();
    }
    if (auto row = whole ? row_of(fields) : std::nullopt) {
      record.last.devices.push_back(std::move(*row));
    } else {
      bad.add(number);
    }
  }
  bad.report(record.folder / "devices.csv", record.gaps);
}

/// Each device's state by the last event about it.
void take_events(RunRecord& record) {
  std::map<std::uint64_t, DeviceRow> rows;
  for (const Event& event : record.events) {
    if (event.type != Event::Type::device || event.device >= record.last.device_count) {
      continue;
    }
    DeviceRow& row = rows[event.device];
    row.state = event.state;
    if (event.failure) {
      row.failure = event.failure;
      row.last_stage = event.failure->stage;
      row.last_failure = record.last.started_at + event.at_s;
    }
  }
  for (auto& [number, row] : rows) {
    row.index = number;
    row.name = fmt::format("device {}", number);
    record.last.devices.push_back(std::move(row));
  }
}

}  // namespace

void read_devices(RunRecord& record) {
  if (const auto text = read_whole(record.folder / "devices.csv", record.gaps)) {
    take_rows(*text, record);
  } else {
    take_events(record);
  }
}

}  // namespace stresskit::metrics
