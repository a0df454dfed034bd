#include "sandbox/transport.hpp"

#include "sandbox/transport_server.hpp"

#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

namespace stresskit::sandbox {
namespace {

/// Every device is an open file.
void raise_open_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return;
  }
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// SIGTERM as a descriptor. Ctrl+C at a terminal reaches this process too, but is the platform's
/// business: when it ends, so does the link.
int signal_descriptor() {
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return ::signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
}

}  // namespace

int run_transport(int link_descriptor, int listen_descriptor) {
  raise_open_file_limit();
  ::fcntl(listen_descriptor, F_SETFL, ::fcntl(listen_descriptor, F_GETFL) | O_NONBLOCK);
  // The platform's backlog is the system's; a second listen only changes that.
  ::listen(listen_descriptor, SOMAXCONN);
  TransportServer(link_descriptor, listen_descriptor, signal_descriptor()).run();
  // The descriptors close with the process: the end of the link tells the platform that it is gone.
  return 0;
}

}  // namespace stresskit::sandbox
