#include "stresskit/support/csv.hpp"

#include <algorithm>
#include <utility>

namespace stresskit::support {

CsvReader::CsvReader(std::string_view text) : rest_(text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (rest_.starts_with(byte_order_mark)) {
    rest_.remove_prefix(byte_order_mark.size());
  }
}

bool CsvReader::next(Record& record) {
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

void CsvReader::skip_line() {
  rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
  end_of_line();
}

bool CsvReader::plain(std::string& field) {
  const std::size_t end = std::min(rest_.find_first_of(",\r\n"), rest_.size());
  field = rest_.substr(0, end);
  rest_.remove_prefix(end);
  return true;
}

bool CsvReader::quoted(std::string& field) {
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

bool CsvReader::end_of_line() {
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

std::string csv_field(const std::string& value) {
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

}  // namespace stresskit::support
