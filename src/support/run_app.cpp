#include "stresskit/support/run_app.hpp"

#include "stresskit/support/clock.hpp"
#include "stresskit/support/descriptor.hpp"
#include "stresskit/support/print.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <string>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <thread>
#include <unistd.h>

namespace stresskit::support {

namespace {

/// Takes SIGINT and SIGTERM on a thread of its own: the first requests a stop, a second SIGINT
/// ends the process. Usage: make one before any other thread is started; it ends with its scope.
class SignalWatch {
 public:
  SignalWatch() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    // Blocked here, and so in every thread started later: only the descriptor gets them.
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    signals_ = Descriptor(::signalfd(-1, &signals, SFD_CLOEXEC));
    wake_ = Descriptor(::eventfd(0, EFD_CLOEXEC));
    thread_ = std::thread([this] { watch(); });
  }

  ~SignalWatch() {
    ::eventfd_write(wake_.get(), 1);
    thread_.join();
  }

  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }

 private:
  void watch() {
    for (;;) {
      pollfd waiting[2] = {{signals_.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}};
      if (::poll(waiting, 2, -1) < 0) {
        continue;
      }
      if ((waiting[1].revents & POLLIN) != 0) {
        return;
      }
      signalfd_siginfo info{};
      if (::read(signals_.get(), &info, sizeof info) != sizeof info) {
        continue;
      }
      // timeout(1) and others signal a process and then its whole group: that is one wish, not two.
      const bool again = source_.stop_requested() && Mono::now() - asked_at_ > one_wish;
      if (again && info.ssi_signo == SIGINT) {
        ::_exit(static_cast<int>(ExitCode::killed));
      }
      if (source_.request_stop()) {
        asked_at_ = Mono::now();
      }
    }
  }

  // No finger is as fast.
  static constexpr auto one_wish = std::chrono::milliseconds(200);

  std::stop_source source_;
  Mono::time_point asked_at_;  // of the thread alone
  Descriptor signals_;
  Descriptor wake_;
  std::thread thread_;
};

/// A crash writes no core file: the memory holds passwords and tokens. 1 and not 0, because a
/// kernel that hands cores to a program (core_pattern "|...") asks for no limit but this one
/// (core(5), fs/coredump.c). What is started from here inherits it.
void forbid_core_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_CORE, &limit) == 0) {
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 1);
    (void)::setrlimit(RLIMIT_CORE, &limit);
  }
}

/// A standard stream that was closed must not become the descriptor of a file opened next, into
/// which all output would go. Opened the wrong way round, using it fails as before.
void occupy_standard_streams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) == -1) {
      (void)::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    }
  }
}

int complain(std::string_view program, const std::string& message, ExitCode code) {
  support::print(stderr, "{}: {}\n", program, message);
  return static_cast<int>(code);
}

int run_body(std::string_view program, const std::function<ExitCode(std::stop_token)>& body,
             const std::stop_token& stop) {
  try {
    return static_cast<int>(body(stop));
  } catch (const Done&) {
    return static_cast<int>(ExitCode::done);
  } catch (const Error& error) {
    return complain(program, error.what(), error.code());
  } catch (const std::exception& error) {
    return complain(program, fmt::format("internal error: {}", error.what()), ExitCode::failed);
  }
}

}  // namespace

int run_app(std::string_view program, const std::function<ExitCode(std::stop_token)>& body) {
  occupy_standard_streams();
  forbid_core_files();
  const SignalWatch signals;
  const int code = run_body(program, body, signals.token());
  // A result that could not be written is no result (standard output closed, disk full).
  if ((std::fflush(stdout) != 0 || std::ferror(stdout) != 0) && code == 0) {
    return complain(program, "cannot write the result to standard output", ExitCode::failed);
  }
  return code;
}

}  // namespace stresskit::support
