#pragma once

#include "stresskit/support/files.hpp"

#include <filesystem>
#include <optional>
#include <string_view>

namespace stresskit::metrics {

/// A file of an archive that only grows. When it cannot be written that is said, those rows are
/// lost, and the next ones are tried again: a full disk costs rows, never the run.
///
/// Threads: none; whoever appends owns it.
class GrowingFile {
 public:
  /// Touches no disk: the file is made by `require`, or with its first rows.
  explicit GrowingFile(std::filesystem::path path);

  /// Makes the file, and begins it with `header`. Throws support::Error(usage) when that is
  /// impossible.
  void require(std::string_view header = "");

  /// Whether `rows` are in the file now. No-op for an empty text.
  bool append(std::string_view rows);

  /// Whether no rows were lost, ever: a file that is written again still lacks them.
  [[nodiscard]] bool intact() const { return intact_; }

 private:
  [[nodiscard]] support::Result<void> write(std::string_view rows);

  std::filesystem::path path_;
  std::optional<support::AppendFile> file_;
  bool failing_ = false;
  bool intact_ = true;
};

}  // namespace stresskit::metrics
