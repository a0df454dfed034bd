#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace stresskit::support {

/// Takes one record of RFC 4180 after the other off a text, which must outlive it. A byte order
/// mark at the beginning is left out.
class CsvReader {
 public:
  using Record = std::vector<std::string>;

  explicit CsvReader(std::string_view text);

  [[nodiscard]] bool done() const { return rest_.empty(); }
  /// The line the next record begins in, from 1.
  [[nodiscard]] std::size_t line() const { return line_; }

  /// The next record; false when a quote is not closed or text follows one. REQUIRES: not done.
  bool next(Record& record);

  /// Goes on at the next line, after a record that could not be read.
  void skip_line();

 private:
  bool plain(std::string& field);
  bool quoted(std::string& field);
  bool end_of_line();

  std::string_view rest_;
  std::size_t line_ = 1;
};

/// The value as a field: in quotes where RFC 4180 asks for it.
[[nodiscard]] std::string csv_field(const std::string& value);

}  // namespace stresskit::support
