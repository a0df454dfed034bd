#include "stresskit/fleet/devices_csv.hpp"

#include "stresskit/support/csv.hpp"
#include "stresskit/support/files.hpp"

#include <fmt/format.h>

#include <string_view>

namespace stresskit::fleet {

namespace {

constexpr std::string_view header = "device_id,name,label,access_token";
constexpr std::size_t columns = 4;

using support::csv_field;

}  // namespace

support::Result<std::vector<DeviceRow>> read_devices_csv(const std::filesystem::path& path) {
  const support::Result<std::string> text = support::read_file(path);
  if (!text) {
    return support::failure(text.error());
  }
  const auto broken = [&](std::size_t line, std::string_view what) {
    return support::failure(fmt::format("{}:{}: {}", path.string(), line, what));
  };
  support::CsvReader reader(*text);
  support::CsvReader::Record record;
  const support::CsvReader::Record expected{"device_id", "name", "label", "access_token"};
  if (!reader.next(record) || record != expected) {
    return broken(1, fmt::format("the header must be {}", header));
  }
  std::vector<DeviceRow> rows;
  while (!reader.done()) {
    const std::size_t line = reader.line();
    if (!reader.next(record)) {
      return broken(line, "a quoted field does not end as it should");
    }
    if (record.size() == 1 && record.front().empty()) {
      continue;  // an empty line
    }
    if (record.size() != columns) {
      return broken(line, fmt::format("{} fields instead of {}", record.size(), columns));
    }
    rows.push_back({record[0], record[1], record[2], record[3]});
  }
  return rows;
}

support::Result<void> write_devices_csv(const std::filesystem::path& path,
                                        const std::vector<DeviceRow>& rows) {
  std::string out(header);
  out += "\r\n";
  for (const DeviceRow& row : rows) {
    out += fmt::format("{},{},{},{}\r\n", csv_field(row.device_id), csv_field(row.name),
                       csv_field(row.label), csv_field(row.access_token));
  }
  return support::replace_file(path, out, 0600);
}

}  // namespace stresskit::fleet
