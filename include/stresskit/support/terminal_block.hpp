#pragma once

#include <cstddef>
#include <cstdio>
#include <mutex>
#include <string>
#include <vector>

namespace stresskit::support {

/// Some lines on a terminal that are redrawn in place. Log lines push the block aside: they appear
/// above it, and the next `draw` puts it below them.
///
/// Threads: one draws; log lines may come from any. At most one block at a time.
class TerminalBlock {
 public:
  /// REQUIRES: `out` is a terminal.
  explicit TerminalBlock(std::FILE* out);
  ~TerminalBlock();

  TerminalBlock(const TerminalBlock&) = delete;
  TerminalBlock& operator=(const TerminalBlock&) = delete;

  /// Replaces what stands there. Lines that are wider than the terminal are cut.
  void draw(const std::vector<std::string>& lines);
  void erase();

 private:
  void erase_locked();

  std::FILE* out_;
  std::mutex mutex_;
  std::size_t height_ = 0;  // guarded by mutex_
};

/// The first `columns` characters of UTF-8 text.
[[nodiscard]] std::string cut_to(const std::string& text, std::size_t columns);

}  // namespace stresskit::support
