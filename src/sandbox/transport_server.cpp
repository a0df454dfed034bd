#include "sandbox/transport_server.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <sys/socket.h>
#include <unistd.h>

namespace stresskit::sandbox {
namespace {

using namespace std::chrono_literals;
using support::Mono;

// Ids below the first connection's are the loop's own descriptors.
constexpr TransportCore::Id listen_id = 0;
constexpr TransportCore::Id link_id = 1;
constexpr TransportCore::Id signal_id = 2;

/// How long a closed connection may still send before the descriptor goes: closing at once would
/// answer bytes in flight with a reset, which could overtake our last packet.
constexpr auto linger = 500ms;
constexpr auto pause_without_descriptors = 100ms;
/// What is acknowledged reaches the platform even when a SIGTERM interrupts.
constexpr auto drain_limit = 2s;
constexpr int accepts_a_turn = 256;
constexpr std::size_t events_a_turn = 512;
constexpr std::size_t receive_buffer = 65'536;
constexpr std::size_t small_buffer = 4'096;

std::string address_text(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* raw =
      address.ss_family == AF_INET6
          ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in6*>(&address)->sin6_addr)
          : &reinterpret_cast<const sockaddr_in*>(&address)->sin_addr;
  if (::inet_ntop(address.ss_family, raw, text.data(), text.size()) == nullptr) {
    return {};
  }
  return text.data();
}

/// Empties the receive buffer, so that closing sends no reset.
void discard_input(int descriptor) {
  std::array<char, 4'096> buffer{};
  while (::recv(descriptor, buffer.data(), buffer.size(), MSG_DONTWAIT) > 0) {
  }
}

}  // namespace

TransportServer::TransportServer(int link_descriptor, int listen_descriptor, int signal_descriptor)
    : link_(link_descriptor),
      listen_descriptor_(listen_descriptor),
      signal_descriptor_(signal_descriptor),
      epoll_descriptor_(::epoll_create1(EPOLL_CLOEXEC)),
      core_(*this, support::real_clock()),
      events_(events_a_turn),
      buffer_(receive_buffer),
      last_id_(signal_id) {
  watch(EPOLL_CTL_ADD, listen_descriptor_, listen_id, EPOLLIN);
  watch(EPOLL_CTL_ADD, link_descriptor, link_id, EPOLLIN);
  watch(EPOLL_CTL_ADD, signal_descriptor_, signal_id, EPOLLIN);
}

TransportServer::~TransportServer() {
  for (const auto& [id, socket] : sockets_) {
    ::close(socket.descriptor);
  }
  ::close(epoll_descriptor_);
}

void TransportServer::run() {
  while (!stopping_) {
    turn();
  }
  stop();
}

void TransportServer::turn() {
  const int count = ::epoll_wait(epoll_descriptor_, events_.data(),
                                 static_cast<int>(events_.size()), milliseconds_to_wait());
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events_[static_cast<std::size_t>(i)];
    on_event(event.data.u64, event.events);
  }
  core_.run_due();
  drop_lingering();
  flush_link();
  // In this order a killed transport has handed over what it acknowledged, as long as the platform
  // keeps reading. It waits for nothing, though: a PUBACK does not depend on storage.
  flush_all();
}

void TransportServer::on_event(Id id, std::uint32_t events) {
  if (id == listen_id) {
    accept_some();
  } else if (id == signal_id) {
    stopping_ = true;
  } else if (id == link_id) {
    const bool there = (events & ~static_cast<std::uint32_t>(EPOLLOUT)) == 0 ||
                       link_.receive([this](FrameBody frame) { core_.from_platform(frame); });
    if (!there) {
      stopping_ = true;
    }
  } else {
    if ((events & EPOLLOUT) != 0) {
      to_flush_.push_back(id);
    }
    if ((events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) {
      read(id);
    }
  }
}

void TransportServer::accept_some() {
  for (int i = 0; i < accepts_a_turn; ++i) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    const int descriptor = ::accept4(listen_descriptor_, reinterpret_cast<sockaddr*>(&address),
                                     &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor >= 0) {
      accept_one(descriptor, address_text(address));
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      accept_again_ = Mono::now() + pause_without_descriptors;
      watch(EPOLL_CTL_MOD, listen_descriptor_, listen_id, 0);
      return;
    } else if (errno == EAGAIN) {
      return;
    }  // anything else concerns that one connection only
  }
}

void TransportServer::accept_one(int descriptor, std::string address) {
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const Id id = ++last_id_;
  sockets_[id].descriptor = descriptor;
  watch(EPOLL_CTL_ADD, descriptor, id, EPOLLIN);
  core_.opened(id, std::move(address));
}

void TransportServer::read(Id id) {
  const auto found = sockets_.find(id);
  if (found == sockets_.end()) {
    return;
  }
  const ssize_t count = ::recv(found->second.descriptor, buffer_.data(), buffer_.size(), 0);
  if (count > 0) {
    if (!found->second.finishing) {
      core_.received(id, {buffer_.data(), static_cast<std::size_t>(count)});
    }
  } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
    core_.ended(id);
    drop(id);
  }
}

void TransportServer::send(Id id, std::string_view bytes) {
  const auto found = sockets_.find(id);
  if (found == sockets_.end()) {
    return;
  }
  found->second.out.append(bytes);
  to_flush_.push_back(id);
}

void TransportServer::finish(Id id) {
  const auto found = sockets_.find(id);
  if (found == sockets_.end()) {
    return;
  }
  found->second.finishing = true;
  to_flush_.push_back(id);
  lingering_.emplace_back(Mono::now() + linger, id);
}

void TransportServer::to_platform(std::string frame) {
  link_.queue(frame);
}

void TransportServer::flush_all() {
  for (const Id id : std::exchange(to_flush_, {})) {
    flush(id);
  }
}

void TransportServer::flush(Id id) {
  const auto found = sockets_.find(id);
  if (found == sockets_.end() || found->second.finished) {
    return;
  }
  Socket& socket = found->second;
  while (!socket.out.empty()) {
    const ssize_t count =
        ::send(socket.descriptor, socket.out.data(), socket.out.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0 && (errno == EAGAIN)) {
      break;
    }
    if (count < 0) {
      socket.out.clear();  // reset by the device: the next read says so
      break;
    }
    socket.out.erase(0, static_cast<std::size_t>(count));
  }
  if (socket.out.empty() && socket.out.capacity() > small_buffer) {
    socket.out.shrink_to_fit();
  }
  if (socket.out.empty() == socket.waits_to_write) {
    socket.waits_to_write = !socket.out.empty();
    const std::uint32_t more = socket.waits_to_write ? EPOLLOUT : 0U;
    watch(EPOLL_CTL_MOD, socket.descriptor, id, EPOLLIN | more);
  }
  if (socket.out.empty() && socket.finishing) {
    socket.finished = true;
    ::shutdown(socket.descriptor, SHUT_WR);
  }
}

void TransportServer::flush_link() {
  link_.flush();
  if (link_.drained() == link_waits_to_write_) {
    link_waits_to_write_ = !link_.drained();
    const std::uint32_t more = link_waits_to_write_ ? EPOLLOUT : 0U;
    watch(EPOLL_CTL_MOD, link_.descriptor(), link_id, EPOLLIN | more);
  }
}

void TransportServer::drop(Id id) {
  const auto found = sockets_.find(id);
  if (found == sockets_.end()) {
    return;
  }
  ::close(found->second.descriptor);
  sockets_.erase(found);
}

void TransportServer::drop_lingering() {
  const Time now = Mono::now();
  while (!lingering_.empty() && lingering_.front().first <= now) {
    drop(lingering_.front().second);
    lingering_.pop_front();
  }
  if (accept_again_ != Time{} && accept_again_ <= now) {
    accept_again_ = Time{};
    watch(EPOLL_CTL_MOD, listen_descriptor_, listen_id, EPOLLIN);
  }
}

/// As recorded on SIGTERM: FIN everywhere, no DISCONNECT even for MQTT 5, and the port refuses.
void TransportServer::stop() {
  ::shutdown(listen_descriptor_, SHUT_RDWR);
  for (const auto& [id, socket] : sockets_) {
    ::shutdown(socket.descriptor, SHUT_WR);
  }
  link_.drain(drain_limit);
  for (const auto& [id, socket] : sockets_) {
    discard_input(socket.descriptor);
  }
}

int TransportServer::milliseconds_to_wait() const {
  Time due = core_.next_due();
  if (!lingering_.empty()) {
    due = std::min(due, lingering_.front().first);
  }
  if (accept_again_ != Time{}) {
    due = std::min(due, accept_again_);
  }
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(due - Mono::now());
  return static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(wait.count(), 0, 60'000));
}

void TransportServer::watch(int operation, int descriptor, Id id, std::uint32_t events) const {
  epoll_event event{};
  event.events = events;
  event.data.u64 = id;
  ::epoll_ctl(epoll_descriptor_, operation, descriptor, &event);
}

}  // namespace stresskit::sandbox
