#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace bench {

/// The folder this program's binary lies in: its companions are there too.
[[nodiscard]] std::filesystem::path own_folder();

/// A child process whose standard output is read here. Ends with the object: SIGKILL if need be.
class Process {
 public:
  /// Throws std::system_error when it cannot be started.
  explicit Process(const std::vector<std::string>& command);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// The next line of its output, without the line's end; throws std::runtime_error when there is
  /// none.
  [[nodiscard]] std::string read_line();

  void terminate() const;  ///< SIGTERM

  /// The rest of its output, after it has ended by itself. Throws std::runtime_error unless its
  /// exit code was 0.
  [[nodiscard]] std::string finish();

  /// The most memory it had, in bytes; known after `finish`.
  [[nodiscard]] std::size_t peak_memory() const { return peak_memory_; }

 private:
  bool read_more();

  std::string name_;
  pid_t pid_ = -1;
  int output_ = -1;
  std::string unread_;
  std::size_t peak_memory_ = 0;
};

}  // namespace bench
