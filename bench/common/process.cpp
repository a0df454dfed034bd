#include "common/process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace bench {

namespace {

void require(int error, const std::string& what) {
  if (error != 0) {
    throw std::system_error(error, std::generic_category(), what);
  }
}

}  // namespace

std::filesystem::path own_folder() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path();
}

Process::Process(const std::vector<std::string>& command) : name_(command.front()) {
  std::array<int, 2> pipe{};
  require(::pipe2(pipe.data(), O_CLOEXEC) == 0 ? 0 : errno, "pipe");
  std::vector<char*> arguments;
  for (const std::string& argument : command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  const int error =
      ::posix_spawn(&pid_, name_.c_str(), &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  output_ = pipe[0];
  if (error != 0) {
    ::close(output_);
    require(error, name_);
  }
}

Process::~Process() {
  ::close(output_);
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
}

bool Process::read_more() {
  std::array<char, 65'536> buffer{};
  ssize_t got = 0;
  do {
    got = ::read(output_, buffer.data(), buffer.size());
  } while (got < 0 && errno == EINTR);
  if (got > 0) {
    unread_.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return got > 0;
}

std::string Process::read_line() {
  std::size_t end = unread_.find('\n');
  while (end == std::string::npos) {
    if (!read_more()) {
      throw std::runtime_error(name_ + " ended early");
    }
    end = unread_.find('\n');
  }
  std::string line = unread_.substr(0, end);
  unread_.erase(0, end + 1);
  return line;
}

void Process::terminate() const {
  ::kill(pid_, SIGTERM);
}

std::string Process::finish() {
  while (read_more()) {
  }
  int status = 0;
  rusage usage{};
  ::wait4(std::exchange(pid_, -1), &status, 0, &usage);
  peak_memory_ = static_cast<std::size_t>(usage.ru_maxrss) * 1'024;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw std::runtime_error(name_ + " failed");
  }
  return std::exchange(unread_, {});
}

}  // namespace bench
