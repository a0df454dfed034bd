#include "sandbox/transport_host.hpp"

#include "stresskit/support/error.hpp"
#include "stresskit/support/log.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

extern char** environ;

namespace stresskit::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr auto stop_deadline = 10s;
constexpr int listen_backlog = 4096;  // the kernel caps it at somaxconn, as with the platform

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
        fmt::format("cannot listen for MQTT on {}:{}: {}", host, port, std::strerror(error)));
  }
  return fd;
}

std::uint16_t port_of(int fd) {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
  return ntohs(address.sin_port);
}

/// Starts `program --transport <link> <listener>` with no signal blocked (run_app blocks SIGINT
/// and SIGTERM, and a child inherits that).
pid_t spawn_transport(const std::string& program, int link, int listener, int& error) {
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

  std::array<std::string, 4> words{program, "--transport", std::to_string(link),
                                   std::to_string(listener)};
  std::array<char*, 5> argv{words[0].data(), words[1].data(), words[2].data(), words[3].data(),
                            nullptr};
  pid_t pid = -1;
  error = posix_spawn(&pid, program.c_str(), &files, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return error == 0 ? pid : -1;
}

}  // namespace

TransportHost::TransportHost(Platform& platform, Options options)
    : platform_(platform), options_(std::move(options)) {
  const auto listener = listen_on(options_.host, options_.port);
  if (!listener) throw support::Error(support::ExitCode::usage, listener.error());
  port_ = port_of(*listener);
  pending_listener_ = *listener;
  wake_fd_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return pending_listener_ < 0; });
  if (state_ != State::running) {
    throw support::Error(support::ExitCode::usage,
                         "cannot start the MQTT transport: " + spawn_error_);
  }
}

TransportHost::~TransportHost() {
  thread_.request_stop();
  stop(SIGTERM);
  wake();
  thread_.join();
  ::close(wake_fd_);
}

TransportHost::State TransportHost::state() const {
  const std::scoped_lock lock(mutex_);
  return state_;
}

pid_t TransportHost::pid() const {
  const std::scoped_lock lock(mutex_);
  return pid_;
}

support::Result<void> TransportHost::start() {
  std::unique_lock lock(mutex_);
  if (state_ != State::stopped) return support::failure("the MQTT transport runs already");
  const auto listener = listen_on(options_.host, port_);
  if (!listener) return support::failure(listener.error());
  pending_listener_ = *listener;
  wake();
  changed_.wait(lock, [this] { return pending_listener_ < 0; });
  if (state_ != State::running) return support::failure(spawn_error_);
  return {};
}

void TransportHost::stop(int signal) {
  std::unique_lock lock(mutex_);
  if (state_ == State::stopped) return;
  ::kill(pid_, signal);
  ::kill(pid_, SIGCONT);  // a frozen process takes no SIGTERM
  const auto gone = [this] { return state_ == State::stopped; };
  if (!changed_.wait_for(lock, stop_deadline, gone)) {
    ::kill(pid_, SIGKILL);
    changed_.wait(lock, gone);
  }
}

void TransportHost::freeze() {
  const std::scoped_lock lock(mutex_);
  if (state_ != State::running) return;
  ::kill(pid_, SIGSTOP);
  state_ = State::frozen;
}

void TransportHost::thaw() {
  const std::scoped_lock lock(mutex_);
  if (state_ != State::frozen) return;
  ::kill(pid_, SIGCONT);
  state_ = State::running;
}

void TransportHost::set_limits(const std::string& json) {
  {
    const std::scoped_lock lock(mutex_);
    limits_ = json;
  }
  send(FrameWriter(Frame::limits).str(json).take());
}

void TransportHost::evict(const std::string& device, std::uint8_t reason) {
  send(FrameWriter(Frame::evict).str(device).u8(reason).take());
}

void TransportHost::send(const std::string& frame) {
  {
    const std::scoped_lock lock(mutex_);
    if (state_ == State::stopped) return;  // the next child starts without sessions
    outbox_ += frame;
  }
  wake();
}

void TransportHost::wake() const {
  const std::uint64_t one = 1;
  // Full means that it is awake already.
  [[maybe_unused]] const auto written = ::write(wake_fd_, &one, sizeof one);
}

void TransportHost::run(std::stop_token stop) {
  for (;;) {
    int listener = -1;
    {
      const std::scoped_lock lock(mutex_);
      listener = pending_listener_;
    }
    if (listener >= 0) spawn(listener);
    if (link_ < 0 && stop.stop_requested()) return;
    if (!serve_link()) reap();
  }
}

void TransportHost::spawn(int listener) {
  std::array<int, 2> ends{-1, -1};
  socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data());
  int error = 0;
  const pid_t pid = spawn_transport(options_.program, ends[1], listener, error);
  ::close(ends[1]);
  ::close(listener);  // the child alone keeps the port open
  {
    const std::scoped_lock lock(mutex_);
    pending_listener_ = -1;
    if (pid < 0) {
      ::close(ends[0]);
      spawn_error_ = fmt::format("{}: {}", options_.program, std::strerror(error));
    } else {
      fcntl(ends[0], F_SETFL, O_NONBLOCK);
      link_ = ends[0];
      splitter_ = {};
      pid_ = pid;
      state_ = State::running;
      unsent_ = FrameWriter(Frame::limits).str(limits_).take();
      outbox_.clear();
    }
  }
  changed_.notify_all();
}

bool TransportHost::serve_link() {
  std::array<pollfd, 2> ready{{{wake_fd_, POLLIN, 0}, {link_, POLLIN, 0}}};
  if (!unsent_.empty()) ready[1].events |= POLLOUT;
  ::poll(ready.data(), ready.size(), -1);
  if ((ready[0].revents & POLLIN) != 0) {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = ::read(wake_fd_, &count, sizeof count);
    const std::scoped_lock lock(mutex_);
    unsent_ += std::exchange(outbox_, {});
  }
  if (link_ < 0) return true;
  write_link();
  return (ready[1].revents & (POLLIN | POLLHUP | POLLERR)) == 0 || read_link();
}

void TransportHost::write_link() {
  if (unsent_.empty()) return;
  const ssize_t written = ::send(link_, unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
  if (written > 0) unsent_.erase(0, static_cast<std::size_t>(written));
}

bool TransportHost::read_link() {
  std::array<char, 65536> buffer{};
  const ssize_t got = ::read(link_, buffer.data(), buffer.size());
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0) return false;
  splitter_.feed({buffer.data(), static_cast<std::size_t>(got)});
  while (auto frame = splitter_.next()) dispatch(*frame);
  write_link();
  return true;
}

void TransportHost::dispatch(FrameBody frame) {
  switch (frame.type()) {
    case Frame::connect: {
      const std::uint64_t request = frame.u64();
      ConnectRequest connect;
      connect.user_name = frame.str();
      connect.has_user_name = frame.u8() != 0;
      connect.client_id = frame.str();
      connect.password = frame.str();
      connect.has_password = frame.u8() != 0;
      if (!frame.good()) return;
      const ConnectVerdict verdict = platform_.judge(connect);
      unsent_ += FrameWriter(Frame::verdict)
                     .u64(request)
                     .u8(verdict.code)
                     .u8(verdict.code_v5)
                     .str(verdict.device)
                     .u8(verdict.is_gateway ? 1 : 0)
                     .take();
      return;
    }
    case Frame::opened:
    case Frame::closed: {
      const std::uint64_t session = frame.u64();
      const std::string device(frame.str());
      if (!frame.good()) return;
      frame.type() == Frame::opened ? platform_.session_opened(session, device)
                                    : platform_.session_closed(session, device);
      return;
    }
    case Frame::telemetry: {
      const std::string device(frame.str());
      const std::int64_t arrival_ms = frame.i64();
      const std::string_view payload = frame.str();
      if (frame.good()) platform_.take_telemetry(device, payload, arrival_ms);
      return;
    }
    case Frame::attributes: {
      const std::string device(frame.str());
      const std::string_view payload = frame.str();
      if (frame.good()) platform_.take_attributes(device, payload);
      return;
    }
    default:
      return;  // ours to send, not theirs
  }
}

void TransportHost::reap() {
  ::close(std::exchange(link_, -1));
  pid_t pid = -1;
  {
    const std::scoped_lock lock(mutex_);
    pid = pid_;
  }
  // The link ends with the process; the signal is for one that lingers without it.
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
  platform_.recorder.all_closed();
  {
    const std::scoped_lock lock(mutex_);
    state_ = State::stopped;
    pid_ = -1;
    unsent_.clear();
  }
  changed_.notify_all();
}

}  // namespace stresskit::sandbox
