#include "contract/fake_platform.hpp"

#include "contract/mqtt_client.hpp"
#include "sandbox/transport.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace stresskit::contract {
namespace {

using sandbox::Frame;
using sandbox::FrameBody;
using sandbox::FrameWriter;

int listening_socket(std::uint16_t& port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(descriptor, generic, length) != 0 || ::listen(descriptor, SOMAXCONN) != 0 ||
      ::getsockname(descriptor, generic, &length) != 0) {
    throw std::runtime_error("cannot listen on a free port");
  }
  port = ntohs(address.sin_port);
  return descriptor;
}

}  // namespace

FakePlatform::FakePlatform() {
  const int port_descriptor = listening_socket(port_);
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw std::runtime_error("cannot make a socket pair");
  }
  transport_ = ::fork();
  if (transport_ == 0) {
    ::close(ends[0]);
    ::_exit(sandbox::run_transport(ends[1], port_descriptor));
  }
  ::close(ends[1]);
  ::close(port_descriptor);
  link_ = ends[0];
  reader_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

FakePlatform::~FakePlatform() {
  reader_.request_stop();
  reader_.join();
  ::close(link_);
  if (transport_ > 0) {
    ::waitpid(transport_, nullptr, 0);
  }
}

int FakePlatform::terminate() {
  int status = -1;
  ::kill(transport_, SIGTERM);
  ::waitpid(transport_, &status, 0);
  transport_ = -1;
  return status;
}

void FakePlatform::pause_reading() {
  const std::lock_guard lock(mutex_);
  paused_ = true;
}

void FakePlatform::resume_reading() {
  const std::lock_guard lock(mutex_);
  paused_ = false;
}

std::vector<FakePlatform::Telemetry> FakePlatform::telemetry() const {
  const std::lock_guard lock(mutex_);
  return telemetry_;
}

bool FakePlatform::wait_for_telemetry(std::size_t count) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, MqttClient::patience, [&] { return telemetry_.size() >= count; });
}

void FakePlatform::run(const std::stop_token& stop) {
  constexpr int look_again_ms = 10;
  sandbox::FrameSplitter frames;
  std::array<char, 65'536> buffer{};
  while (!stop.stop_requested()) {
    bool paused = false;
    {
      const std::lock_guard lock(mutex_);
      paused = paused_;
    }
    pollfd readable{link_, static_cast<short>(paused ? 0 : POLLIN), 0};
    const int ready = ::poll(&readable, 1, look_again_ms);
    if (ready <= 0 || paused) {
      continue;
    }
    const ssize_t count = ::recv(link_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count == 0 || (count < 0 && errno != EAGAIN)) {
      return;
    }
    if (count < 0) {
      continue;
    }
    frames.feed({buffer.data(), static_cast<std::size_t>(count)});
    while (const auto frame = frames.next()) {
      on_frame(*frame);
    }
  }
}

void FakePlatform::on_frame(FrameBody frame) {
  if (frame.type() == Frame::connect) {
    let_in(frame);
  } else if (frame.type() == Frame::telemetry) {
    const std::string device(frame.str());
    frame.i64();
    const std::string payload(frame.str());
    const std::lock_guard lock(mutex_);
    telemetry_.push_back({device, payload});
    changed_.notify_all();
  }
}

/// A device's id is its user name here.
void FakePlatform::let_in(FrameBody frame) const {
  const std::uint64_t request = frame.u64();
  const std::string_view user_name = frame.str();
  const std::string verdict =
      FrameWriter(Frame::verdict).u64(request).u8(0).u8(0).str(user_name).u8(0).take();
  ::send(link_, verdict.data(), verdict.size(), MSG_NOSIGNAL);
}

}  // namespace stresskit::contract
