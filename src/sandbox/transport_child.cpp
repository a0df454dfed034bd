#include "sandbox/transport_child.hpp"

#include "sandbox/transport.hpp"

#include "stresskit/sandbox/sandbox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <spawn.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

extern char** environ;

namespace stresskit::sandbox {
namespace {

constexpr std::string_view child_option = "--transport";
constexpr int listen_backlog = 4096;  // the kernel caps it at somaxconn, as with the platform

}  // namespace

support::Result<int> listen_on(const std::string& host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  if (inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) {
    return support::failure(fmt::format("\"{}\" is no IPv4 address", host));
  }
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  // REUSEADDR alone: a second server on the port must fail, a restart must not.
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (fd < 0 || ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(fd, listen_backlog) != 0) {
    const int error = errno;
    if (fd >= 0) ::close(fd);
    return support::failure(
        fmt::format("cannot listen for MQTT on {}:{}: {}. Try --mqtt-port 0 for a free port.", host,
                    port, std::strerror(error)));
  }
  return fd;
}

std::uint16_t port_of(int socket) {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length);
  return ntohs(address.sin_port);
}

support::Result<pid_t> spawn_transport(const std::string& program, int link, int listener) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  // Onto itself: that takes away the close-on-exec flag, in the child alone.
  posix_spawn_file_actions_adddup2(&files, link, link);
  posix_spawn_file_actions_adddup2(&files, listener, listener);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);

  std::array<std::string, 4> words{program, std::string(child_option), std::to_string(link),
                                   std::to_string(listener)};
  std::array<char*, 5> argv{words[0].data(), words[1].data(), words[2].data(), words[3].data(),
                            nullptr};
  pid_t pid = -1;
  const int error = posix_spawn(&pid, program.c_str(), &files, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) return support::failure(program + ": " + std::strerror(error));
  return pid;
}

std::optional<int> transport_main(int argc, const char* const* argv) {
  constexpr int expected = 4;
  if (argc != expected || std::string_view(argv[1]) != child_option) return std::nullopt;
  // SIGKILL, so that even a frozen child ends with the thread that started it.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::signal(SIGPIPE, SIG_IGN);
  const int link = std::atoi(argv[2]);
  const int listener = std::atoi(argv[3]);
  // Connections the parent had open at the time are none of this process's business.
  const auto [low, high] =
      std::minmax({static_cast<unsigned>(link), static_cast<unsigned>(listener)});
  constexpr unsigned first_free = 3;
  if (low > first_free) close_range(first_free, low - 1, 0);
  if (high > low + 1) close_range(low + 1, high - 1, 0);
  close_range(high + 1, ~0U, 0);
  return run_transport(link, listener);
}

}  // namespace stresskit::sandbox
