#include "files.hpp"
#include "parsed.hpp"

#include "stresskit/support/csv.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace stresskit::metrics {

namespace {

/// Fields of a row by the names of the header: columns may be missing or come on top.
class Columns {
 public:
  explicit Columns(const support::CsvReader::Record& header) {
    for (std::size_t i = 0; i < header.size(); ++i) {
      place_.emplace(header[i], i);
    }
  }

  [[nodiscard]] bool has(std::string_view name) const { return place_.count(name) > 0; }
  [[nodiscard]] std::size_t size() const { return place_.size(); }

  /// False when a field is there and is no such number.
  template <class T>
  bool read(const support::CsvReader::Record& record, std::string_view name, T& into) const {
    const auto found = place_.find(name);
    if (found == place_.end()) {
      return true;
    }
    const auto value = parsed<T>(record[found->second]);
    into = value.value_or(into);
    return value && std::isfinite(static_cast<double>(into));
  }

 private:
  std::map<std::string, std::size_t, std::less<>> place_;
};

std::optional<TimelineRow> row_of(const Columns& columns,
                                  const support::CsvReader::Record& record) {
  TimelineRow row;
  Counters::Parts parts;
  const auto read = [&](std::string_view name, auto& into) {
    return columns.read(record, name, into);
  };
  const bool readable =
      read("unix_s", row.unix_s) && read("elapsed_s", row.elapsed_s) &&
      read("connected", row.connected) && read("disconnected", row.disconnected) &&
      read("failed", row.failed) && read("connecting", row.connecting) &&
      read("skipped", parts.skipped) && read("failed_messages", parts.failed) &&
      read("sent", parts.sent) && read("acknowledged", parts.acknowledged) &&
      read("lost", parts.lost) && read("in_flight", parts.in_flight) &&
      read("unacknowledged", parts.unacknowledged) && read("reconnects", row.reconnects) &&
      read("volume_mb", row.volume_mb) && read("cpu_share", row.cpu_share) &&
      read("loop_lag_ms_p99", row.loop_lag_ms_p99) && read("tcp_retransmits", row.tcp_retransmits);
  const auto totals = Counters::from(parts);
  if (!readable || !totals) {
    return std::nullopt;
  }
  row.totals = *totals;
  return row;
}

/// A row a second: more than 2.5 s apart, some are missing.
void report_holes(const std::vector<TimelineRow>& rows, Gaps& gaps) {
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (rows[i].elapsed_s - rows[i - 1].elapsed_s > 2.5) {
      gaps.push_back(fmt::format("timeline.csv: no row between {:.0f} s and {:.0f} s",
                                 rows[i - 1].elapsed_s, rows[i].elapsed_s));
      return;
    }
  }
}

}  // namespace

void read_timeline(RunRecord& record) {
  const auto path = record.folder / "timeline.csv";
  const std::string text = read_rows(path, record.gaps);
  if (text.empty()) {
    return;
  }
  support::CsvReader reader(text);
  support::CsvReader::Record fields;
  if (!reader.next(fields) || !Columns(fields).has("elapsed_s")) {
    record.gaps.emplace_back("timeline.csv has no header that can be read");
    return;
  }
  const Columns columns(fields);
  BadRows bad;
  for (std::size_t number = 2; !reader.done(); ++number) {
    if (!reader.next(fields)) {
      reader.skip_line();
      bad.add(number);
      continue;
    }
    const auto row = fields.size() == columns.size() ? row_of(columns, fields) : std::nullopt;
    if (row) {
      record.timeline.push_back(*row);
    } else {
      bad.add(number);
    }
  }
  bad.report(path, record.gaps);
  report_holes(record.timeline, record.gaps);
}

}  // namespace stresskit::metrics
