#include "stresskit/fleet/devices_csv.hpp"

#include "stresskit/support/files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace stresskit::fleet {

namespace {

constexpr std::string_view header = "device_id,name,label,access_token";
constexpr std::size_t columns = 4;

using Record = std::vector<std::string>;

/// Takes one record of RFC 4180 after the other off a text.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (rest_.starts_with(byte_order_mark)) {
      rest_.remove_prefix(byte_order_mark.size());
    }
  }

  [[nodiscard]] bool done() const { return rest_.empty(); }
  /// The line the next record begins in, from 1.
  [[nodiscard]] std::size_t line() const { return line_; }

  /// The next record; false when a quote is not closed or text follows one.
  bool next(Record& record) {
    record.clear();
    for (;;) {
      std::string field;
      if (!(rest_.starts_with('"') ? quoted(field) : plain(field))) {
        return false;
      }
      record.push_back(std::move(field));
      if (!rest_.starts_with(',')) {
        return end_of_line();
      }
      rest_.remove_prefix(1);
    }
  }

 private:
  bool plain(std::string& field) {
    const std::size_t end = std::min(rest_.find_first_of(",\r\n"), rest_.size());
    field = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return true;
  }

  bool quoted(std::string& field) {
    for (;;) {
      rest_.remove_prefix(1);
      const std::size_t end = rest_.find('"');
      if (end == std::string_view::npos) {
        return false;
      }
      field += rest_.substr(0, end);
      rest_.remove_prefix(end + 1);
      if (!rest_.starts_with('"')) {
        break;
      }
      field += '"';
    }
    for (const char c : field) {
      line_ += c == '\n' ? 1 : 0;
    }
    return true;
  }

  bool end_of_line() {
    if (rest_.starts_with("\r\n")) {
      rest_.remove_prefix(1);
    }
    if (rest_.empty()) {
      return true;
    }
    if (!rest_.starts_with('\n')) {
      return false;
    }
    rest_.remove_prefix(1);
    ++line_;
    return true;
  }

  std::string_view rest_;
  std::size_t line_ = 1;
};

std::string field(const std::string& value) {
  if (value.find_first_of(",\"\r\n") == std::string::npos) {
    return value;
  }
  std::string quoted = "\"";
  for (const char c : value) {
    quoted += c;
    if (c == '"') {
      quoted += '"';
    }
  }
  return quoted + '"';
}

}  // namespace

support::Result<std::vector<DeviceRow>> read_devices_csv(const std::filesystem::path& path) {
  const support::Result<std::string> text = support::read_file(path);
  if (!text) {
    return support::failure(text.error());
  }
  const auto broken = [&](std::size_t line, std::string_view what) {
    return support::failure(fmt::format("{}:{}: {}", path.string(), line, what));
  };
  Reader reader(*text);
  Record record;
  const Record expected{"device_id", "name", "label", "access_token"};
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
    out += fmt::format("{},{},{},{}\r\n", field(row.device_id), field(row.name), field(row.label),
                       field(row.access_token));
  }
  return support::replace_file(path, out, 0600);
}

}  // namespace stresskit::fleet
