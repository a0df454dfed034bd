#pragma once

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace stresskit::test {

/// A child process that never outlives its test: killed and reaped by the destructor, and by the
/// kernel should the test itself be killed.
class ChildProcess {
 public:
  /// Starts `arguments[0]` with the rest; its output goes to `log`. Throws std::runtime_error when
  /// there is no such program.
  ChildProcess(const std::vector<std::string>& arguments, const std::filesystem::path& log);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  [[nodiscard]] bool running();
  /// How it ended, once `running` has said so: the exit code, or minus the signal.
  [[nodiscard]] int exit_code() const { return exit_code_; }
  void signal(int number) const;

  /// SIGKILL, and waits until the process is gone.
  void kill();

 private:
  pid_t pid_ = -1;  // -1: reaped
  int exit_code_ = 0;
};

}  // namespace stresskit::test
