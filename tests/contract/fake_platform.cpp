#include "contract/fake_platform.hpp"

#include "contract/mqtt_client.hpp"
#include "contract/mqtt_transcript.hpp"
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

constexpr std::uint8_t device_gone = 0x98;

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

struct Codes {
  std::uint8_t v3 = 0;
  std::uint8_t v5 = 0;
};

constexpr Codes accepted{0, 0};
constexpr Codes wrong_credentials{5, 0x86};
constexpr Codes unknown_client_id{2, 0x85};
constexpr Codes nothing_given{5, 0x87};

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
  if (transport_ > 0) ::waitpid(transport_, nullptr, 0);
}

int FakePlatform::terminate() {
  int status = -1;
  ::kill(transport_, SIGTERM);
  ::waitpid(transport_, &status, 0);
  transport_ = -1;
  return status;
}

void FakePlatform::remove_token(const std::string& user_name) {
  const std::lock_guard lock(mutex_);
  removed_.insert(user_name);
}

void FakePlatform::add_token(const std::string& user_name) {
  const std::lock_guard lock(mutex_);
  removed_.erase(user_name);
}

void FakePlatform::evict(const std::string& user_name) {
  write(FrameWriter(Frame::evict).str(user_name).u8(device_gone).take());
}

/// The link keeps the order of its frames: when a session that was ended after the document is
/// gone, the document has been taken.
void FakePlatform::set_limits(const std::string& json) {
  MqttClient witness(port_);
  witness.send(connect_bytes("3.1.1", "witness of the limits"));
  const bool connected = witness.receive().has_value();
  write(FrameWriter(Frame::limits).str(json).take());
  evict("witness of the limits");
  if (!connected || !witness.closed_by_fin()) {
    throw std::runtime_error("the transport did not take " + json);
  }
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
  std::array<char, 65'536> buffer;
  while (!stop.stop_requested()) {
    bool paused = false;
    {
      const std::lock_guard lock(mutex_);
      paused = paused_;
    }
    pollfd readable{link_, static_cast<short>(paused ? 0 : POLLIN), 0};
    const int ready = ::poll(&readable, 1, look_again_ms);
    if (ready <= 0 || paused) continue;
    const ssize_t count = ::recv(link_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count == 0 || (count < 0 && errno != EAGAIN)) return;
    if (count < 0) continue;
    frames.feed({buffer.data(), static_cast<std::size_t>(count)});
    while (const auto frame = frames.next()) on_frame(*frame);
  }
}

void FakePlatform::on_frame(FrameBody frame) {
  if (frame.type() == Frame::connect) {
    answer(frame);
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
void FakePlatform::answer(FrameBody frame) {
  const std::uint64_t request = frame.u64();
  const std::string user_name(frame.str());
  const bool has_user_name = frame.u8() != 0;
  const bool has_client_id = !frame.str().empty();
  const std::string password(frame.str());
  const bool is_basic = user_name.starts_with("mqb-u-");

  bool removed = false;
  {
    const std::lock_guard lock(mutex_);
    removed = removed_.contains(user_name);
  }
  Codes codes = accepted;
  if (!has_user_name) {
    codes = has_client_id ? unknown_client_id : nothing_given;
  } else if (user_name.empty() || removed || (is_basic && password != "p1")) {
    codes = wrong_credentials;
  }
  write(FrameWriter(Frame::verdict)
            .u64(request)
            .u8(codes.v3)
            .u8(codes.v5)
            .str(user_name)
            .u8(0)
            .take());
}

void FakePlatform::write(const std::string& frame) {
  // Frames are far smaller than the socket's buffer and are written by one `send` each, so those of
  // the test's thread and of the link's own do not mix.
  if (::send(link_, frame.data(), frame.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(frame.size())) {
    throw std::runtime_error("the transport's link is gone");
  }
}

}  // namespace stresskit::contract
