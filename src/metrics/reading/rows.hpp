#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stresskit::metrics {

/// Sentences about what is missing.
using Gaps = std::vector<std::string>;

/// The whole text of a file of the archive; a file that is not there, empty or not to be read is a
/// gap. So is a torn last row, where `by_rows`: it is left out.
[[nodiscard]] std::optional<std::string> read_whole(const std::filesystem::path& file, Gaps& gaps);
[[nodiscard]] std::string read_rows(const std::filesystem::path& file, Gaps& gaps);

/// Collects the numbers of rows that cannot be read into one sentence.
class BadRows {
 public:
  void add(std::size_t row);
  void report(const std::filesystem::path& file, Gaps& gaps) const;

 private:
  std::vector<std::size_t> first_;
  std::size_t count_ = 0;
};

/// Calls `take` with each row of `file`, without its line end; a row it refuses is a gap.
void for_each_row(const std::filesystem::path& file, Gaps& gaps,
                  const std::function<bool(std::string_view)>& take);

}  // namespace stresskit::metrics
