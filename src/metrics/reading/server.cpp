#include "files.hpp"
#include "parsed.hpp"

#include "stresskit/support/csv.hpp"

#include <cmath>

namespace stresskit::metrics {

namespace {

bool has(const std::filesystem::path& file) {
  std::error_code ignored;
  return std::filesystem::exists(file, ignored);
}

std::optional<ServerRow> server_row(const Json& json) {
  const auto at = number(json, "unix_s");
  const auto source = word(json, "source");
  if (!at || !source) {
    return std::nullopt;
  }
  ServerRow row{*at, *source, number(json, "lag_s").value_or(0)};
  if (const auto ts = whole(json, "server_ts_ms")) {
    row.server_ts_ms = static_cast<std::int64_t>(*ts);
  }
  row.queue = word(json, "queue").value_or("");
  for (const auto& [key, value] : json.items()) {
    if (value.is_number() && key != "unix_s" && key != "lag_s" && key != "server_ts_ms") {
      row.figures[key] = value.get<double>();
    }
  }
  return row;
}

std::optional<FreshnessRow> freshness_row(const support::CsvReader::Record& fields) {
  if (fields.size() != 4) {
    return std::nullopt;
  }
  const auto at = parsed<double>(fields[0]);
  const auto age = parsed<double>(fields[3]);
  if (!at || !age || !std::isfinite(*at) || !std::isfinite(*age)) {
    return std::nullopt;
  }
  return FreshnessRow{*at, fields[1], parsed<std::uint64_t>(fields[2]), *age};
}

}  // namespace

void read_server(RunRecord& record) {
  const auto path = record.folder / "server.ndjson";
  std::error_code no_file;  // then reading it says what is wrong
  if (!has(path) || std::filesystem::file_size(path, no_file) == 0) {
    return;  // nobody asked, or nobody answered
  }
  ServerWatch watch;
  for_each_row(path, record.gaps, [&](std::string_view text) {
    const auto json = parse_object(text);
    auto row = json ? server_row(*json) : std::nullopt;
    if (row) {
      watch.note(*row);
      record.server.push_back(std::move(*row));
    }
    return row.has_value();
  });
  record.last.server = watch.figures();
}

void read_freshness(RunRecord& record) {
  const auto path = record.folder / "freshness.csv";
  if (!has(path)) {
    return;
  }
  const std::string text = read_rows(path, record.gaps);
  support::CsvReader reader(text);
  support::CsvReader::Record fields;
  reader.next(fields);  // the header
  BadRows bad;
  for (std::size_t number = 2; !reader.done(); ++number) {
    const bool whole = reader.next(fields);
    if (!whole) {
      reader.skip_line();
    }
    if (auto row = whole ? freshness_row(fields) : std::nullopt) {
      record.freshness.push_back(std::move(*row));
    } else {
      bad.add(number);
    }
  }
  bad.report(path, record.gaps);
}

}  // namespace stresskit::metrics
