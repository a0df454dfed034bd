#include "support/child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace stresskit::test {
namespace {

// Between fork and exec: only calls that are safe there.
[[noreturn]] void become(char* const* argv, const char* log) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int out = ::open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(out, STDERR_FILENO);
  ::execvp(argv[0], argv);
  ::_exit(127);
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& arguments,
                           const std::filesystem::path& log) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) {
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ == 0) {
    become(argv.data(), log.c_str());
  }
  if (pid_ < 0) {
    throw std::runtime_error("cannot fork to start " + arguments.front());
  }
}

ChildProcess::~ChildProcess() {
  kill();
}

bool ChildProcess::running() {
  int status = 0;
  if (pid_ != -1 && ::waitpid(pid_, &status, WNOHANG) == pid_) {
    pid_ = -1;
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  return pid_ != -1;
}

void ChildProcess::signal(int number) const {
  if (pid_ != -1) {
    ::kill(pid_, number);
  }
}

void ChildProcess::kill() {
  if (pid_ != -1) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }
}

}  // namespace stresskit::test
