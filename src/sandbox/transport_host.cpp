#include "sandbox/transport_host.hpp"

#include "sandbox/server_clock.hpp"
#include "sandbox/transport_child.hpp"

#include "stresskit/support/error.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace stresskit::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr auto stop_deadline = 10s;
constexpr auto settle_deadline = 10s;
constexpr int link_buffer = 8 * 1024 * 1024;  // bytes

}  // namespace

TransportHost::TransportHost(Platform& platform, Options options)
    : platform_(platform), options_(std::move(options)) {
  const auto reserved = bind_to(options_.host, options_.port);
  if (!reserved) throw support::Error(support::ExitCode::usage, reserved.error());
  reserved_ = *reserved;
  port_ = port_of(reserved_);
  const auto listener = listen_on(options_.host, port_);
  if (!listener) {
    ::close(reserved_);
    throw support::Error(support::ExitCode::usage, listener.error());
  }
  pending_listener_ = *listener;
  wake_fd_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
  if (const auto started = wait_for_spawn(); !started) {
    end_thread();
    throw support::Error(support::ExitCode::usage,
                         "cannot start the MQTT transport: " + started.error());
  }
}

TransportHost::~TransportHost() {
  stop(SIGTERM);
  end_thread();
}

void TransportHost::end_thread() {
  thread_.request_stop();
  wake();
  thread_.join();
  ::close(wake_fd_);
  ::close(reserved_);
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
  {
    const std::scoped_lock lock(mutex_);
    if (state_ != State::stopped || pending_listener_ >= 0) {
      return support::failure("the MQTT transport runs already");
    }
    const auto listener = listen_on(options_.host, port_);
    if (!listener) return support::failure(listener.error());
    pending_listener_ = *listener;
  }
  wake();
  return wait_for_spawn();
}

support::Result<void> TransportHost::wait_for_spawn() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return pending_listener_ < 0; });
  if (!spawn_error_.empty()) return support::failure(spawn_error_);
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
  std::string frame;
  {
    const std::scoped_lock lock(mutex_);
    limits_ = json;
    frame = limits_frame();
  }
  send(frame);
}

std::string TransportHost::limits() const {
  const std::scoped_lock lock(mutex_);
  return limits_;
}

void TransportHost::evict(const std::string& device, std::uint8_t reason) {
  send(FrameWriter(Frame::evict).str(device).u8(reason).take());
}

void TransportHost::settle() {
  std::unique_lock lock(mutex_);
  if (state_ != State::running) return;
  const std::uint64_t number = ++syncs_asked_;
  outbox_ += FrameWriter(Frame::sync).u64(number).take();
  wake();
  changed_.wait_for(lock, settle_deadline,
                    [&] { return syncs_done_ >= number || state_ != State::running; });
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
  // A whole burst of 15,000 devices fits, where we may ask for that much.
  const int room = link_buffer;
  setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
  setsockopt(ends[1], SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room);
  const auto pid = spawn_transport(options_.program, ends[1], listener);
  ::close(ends[1]);
  ::close(listener);  // the child alone keeps the port open
  {
    const std::scoped_lock lock(mutex_);
    pending_listener_ = -1;
    spawn_error_ = pid ? "" : pid.error();
    if (!pid) {
      ::close(ends[0]);
    } else {
      fcntl(ends[0], F_SETFL, O_NONBLOCK);
      link_ = ends[0];
      splitter_ = {};
      pid_ = *pid;
      state_ = State::running;
      unsent_ = limits_frame();
      outbox_.clear();
    }
  }
  changed_.notify_all();
}

bool TransportHost::serve_link() {
  std::array<pollfd, 2> ready{{{wake_fd_, POLLIN, 0}, {link_, POLLIN, 0}}};
  if (!unsent_.empty()) ready[1].events |= POLLOUT;
  ::poll(ready.data(), ready.size(), -1);
  if (link_ >= 0) follow_quota();
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

void TransportHost::follow_quota() {
  if (platform_.quota_reached() == quota_reached_) return;
  quota_reached_ = !quota_reached_;
  const std::scoped_lock lock(mutex_);
  unsent_ += limits_frame();
}

/// The limits that were set, and the quota on top. REQUIRES: mutex_.
std::string TransportHost::limits_frame() const {
  if (!quota_reached_) return FrameWriter(Frame::limits).str(limits_).take();
  nlohmann::json limits = nlohmann::json::parse(limits_);
  limits["quota_reached"] = true;
  return FrameWriter(Frame::limits).str(limits.dump()).take();
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

void TransportHost::answer_connect(FrameBody& frame) {
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
}

void TransportHost::dispatch(FrameBody frame) {
  switch (frame.type()) {
    case Frame::connect:
      return answer_connect(frame);
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
      // The child knows this machine's clock only.
      const std::int64_t arrival_ms = frame.i64() + clock_offset().count();
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
    case Frame::synced: {
      const std::scoped_lock lock(mutex_);
      syncs_done_ = frame.u64();
      changed_.notify_all();
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
  platform_.transport_ended();
  {
    const std::scoped_lock lock(mutex_);
    state_ = State::stopped;
    pid_ = -1;
    unsent_.clear();
  }
  changed_.notify_all();
}

}  // namespace stresskit::sandbox
