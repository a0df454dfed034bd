#include "sink/server.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace bench {

namespace {

void require(bool done, const char* what) {
  if (!done) {
    throw std::system_error(errno, std::generic_category(), what);
  }
}

void raise_open_files() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::uint8_t byte_at(std::string_view bytes, std::size_t index) {
  return static_cast<std::uint8_t>(bytes[index]);
}

/// Size of the fixed header and of the whole packet; 0 when more bytes are needed to tell.
struct Frame {
  std::size_t body = 0;
  std::size_t size = 0;
};

Frame frame_of(std::string_view bytes) {
  std::size_t length = 0;
  for (std::size_t i = 1; i < bytes.size() && i <= 4; ++i) {
    length |= (byte_at(bytes, i) & 0x7FU) << (7 * (i - 1));
    if ((byte_at(bytes, i) & 0x80U) == 0) {
      return {i + 1, i + 1 + length};
    }
  }
  return {};
}

}  // namespace

SinkServer::SinkServer(const SinkOptions& options) : options_(options) {
  raise_open_files();
  if (!options_.certificate_file.empty()) {
    tls_ = make_server_tls(options_.certificate_file);
  }
  epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  require(epoll_ >= 0, "epoll_create1");
  listen();
  catch_signals();
}

SinkServer::~SinkServer() {
  for (std::size_t socket = 0; socket < connections_.size(); ++socket) {
    if (connections_[socket].serial != 0) {
      ::close(static_cast<int>(socket));
    }
  }
  ::close(signals_);
  ::close(listener_);
  ::close(epoll_);
}

void SinkServer::listen() {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  require(listener_ >= 0, "socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  require(::bind(listener_, generic, size) == 0, "bind");
  require(::listen(listener_, 4'096) == 0, "listen");
  require(::getsockname(listener_, generic, &size) == 0, "getsockname");
  port_ = ntohs(address.sin_port);
  watch(listener_, EPOLLIN, EPOLL_CTL_ADD);
}

void SinkServer::catch_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  signals_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  require(signals_ >= 0, "signalfd");
  watch(signals_, EPOLLIN, EPOLL_CTL_ADD);
}

void SinkServer::watch(int socket, std::uint32_t events, int operation) const {
  epoll_event event{};
  event.events = events;
  event.data.fd = socket;
  require(::epoll_ctl(epoll_, operation, socket, &event) == 0, "epoll_ctl");
}

void SinkServer::run() {
  std::array<epoll_event, 512> events{};
  for (;;) {
    const int count =
        ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait_milliseconds());
    require(count >= 0 || errno == EINTR, "epoll_wait");
    freeze_if_due();
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      if (event.data.fd == signals_) {
        return;
      }
      if (event.data.fd == listener_) {
        accept_some();
      } else {
        on_ready(event.data.fd, event.events);
      }
    }
    send_due_answers();
  }
}

void SinkServer::freeze_if_due() {
  const bool asked = options_.freeze_length > 0 && !frozen_ && !arrivals_.empty();
  if (!asked || monotonic_now() < arrivals_.first() + options_.freeze_after) {
    return;
  }
  frozen_ = true;
  constexpr Nanoseconds second = 1'000'000'000;
  timespec rest{options_.freeze_length / second, options_.freeze_length % second};
  while (::nanosleep(&rest, &rest) != 0 && errno == EINTR) {
  }
}

int SinkServer::wait_milliseconds() const {
  if (delayed_.empty()) {
    return -1;
  }
  const Nanoseconds left = delayed_.front().due - monotonic_now();
  return static_cast<int>(std::max<Nanoseconds>(0, left / 1'000'000));
}

void SinkServer::send_due_answers() {
  while (!delayed_.empty() && delayed_.front().due <= monotonic_now()) {
    const Answer& answer = delayed_.front();
    if (connections_[static_cast<std::size_t>(answer.socket)].serial == answer.serial) {
      send(answer.socket, answer.bytes);
    }
    delayed_.pop_front();
  }
}

void SinkServer::accept_some() {
  constexpr int portion = 64;
  for (int i = 0; i < portion; ++i) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket < 0) {
      require(errno == EAGAIN || errno == ECONNABORTED, "accept");
      return;
    }
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const auto index = static_cast<std::size_t>(socket);
    if (index >= connections_.size()) {
      connections_.resize(index + 1);
    }
    connections_[index] = Connection{};
    connections_[index].serial = ++last_serial_;
    if (tls_ != nullptr) {
      Ssl tls(SSL_new(tls_.get()));
      SSL_set_fd(tls.get(), socket);
      SSL_set_accept_state(tls.get());
      connections_[index].tls = std::move(tls);
    }
    watch(socket, EPOLLIN, EPOLL_CTL_ADD);
  }
}

void SinkServer::on_ready(int socket, std::uint32_t events) {
  Connection& connection = connections_[static_cast<std::size_t>(socket)];
  if (connection.serial == 0) {
    return;
  }
  if ((events & EPOLLOUT) != 0) {
    watch(socket, EPOLLIN, EPOLL_CTL_MOD);
    const std::string unsent = std::exchange(connection.unsent, {});
    send(socket, unsent);
  }
  if ((events & ~std::uint32_t{EPOLLOUT}) != 0 && connection.serial != 0) {
    receive(socket);
  }
}

/// Bytes read, 0 at the end of the stream, -1 when there is nothing just now.
long SinkServer::read(int socket, char* to, std::size_t room) {
  SSL* tls = connections_[static_cast<std::size_t>(socket)].tls.get();
  if (tls == nullptr) {
    const ssize_t got = ::recv(socket, to, room, 0);
    return got >= 0 ? got : (errno == EAGAIN ? -1 : 0);
  }
  const int got = SSL_read(tls, to, static_cast<int>(room));
  if (got > 0) {
    return got;
  }
  const int error = SSL_get_error(tls, got);
  ERR_clear_error();
  return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? -1 : 0;
}

void SinkServer::receive(int socket) {
  Connection& connection = connections_[static_cast<std::size_t>(socket)];
  // With TLS a record may be left in OpenSSL's buffer, where epoll does not see it.
  do {
    const long got = read(socket, buffer_.data(), buffer_.size());
    if (got < 0) {
      return;
    }
    if (got == 0) {
      close(socket);
      return;
    }
    const Nanoseconds now = monotonic_now();
    const std::string_view bytes(buffer_.data(), static_cast<std::size_t>(got));
    std::string out;
    if (connection.partial.empty()) {
      out = answers(connection, bytes, now);
    } else {
      const std::string whole = std::exchange(connection.partial, {}).append(bytes);
      out = answers(connection, whole, now);
    }
    if (options_.answer_delay > 0 && !out.empty()) {
      delayed_.push_back({now + options_.answer_delay, socket, connection.serial, std::move(out)});
    } else {
      send(socket, out);
    }
  } while (connection.tls != nullptr && SSL_pending(connection.tls.get()) > 0);
}

/// The answers to all whole packets in `bytes`; the rest is kept.
std::string SinkServer::answers(Connection& connection, std::string_view bytes, Nanoseconds now) {
  std::string out;
  while (!bytes.empty()) {
    const Frame frame = frame_of(bytes);
    if (frame.size == 0 || frame.size > bytes.size()) {
      connection.partial = bytes;
      break;
    }
    answer_packet(connection, bytes.substr(0, frame.size), frame.body, now, out);
    bytes.remove_prefix(frame.size);
  }
  return out;
}

void SinkServer::answer_packet(Connection& connection, std::string_view packet, std::size_t body,
                               Nanoseconds now, std::string& out) {
  constexpr std::uint8_t connect = 1;
  constexpr std::uint8_t publish = 3;
  constexpr std::uint8_t pingreq = 12;
  const std::uint8_t first = byte_at(packet, 0);
  switch (first >> 4U) {
    case connect:
      // The level stands behind the protocol's name, a string of four letters.
      connection.level = packet.size() > body + 6 ? byte_at(packet, body + 6) : std::uint8_t{4};
      out += connection.level == 5 ? std::string_view("\x20\x03\x00\x00\x00", 5)
                                   : std::string_view("\x20\x02\x00\x00", 4);
      return;
    case publish: {
      arrivals_.note({connection.publishes++, now, now + options_.answer_delay});
      const bool wants_answer = (first & 0x06U) != 0;
      const std::size_t topic =
          packet.size() > body + 2
              ? static_cast<std::size_t>(byte_at(packet, body) << 8U | byte_at(packet, body + 1))
              : packet.size();
      const std::size_t id = body + 2 + topic;
      if (wants_answer && id + 2 <= packet.size()) {
        out += std::string_view("\x40\x02", 2);
        out += packet.substr(id, 2);
      }
      return;
    }
    case pingreq:
      out += std::string_view("\xD0\x00", 2);
      return;
    default:
      return;
  }
}

void SinkServer::send(int socket, std::string_view bytes) {
  Connection& connection = connections_[static_cast<std::size_t>(socket)];
  if (bytes.empty()) {
    return;
  }
  if (!connection.unsent.empty()) {
    connection.unsent += bytes;
    return;
  }
  long sent = 0;
  if (connection.tls != nullptr) {
    sent = SSL_write(connection.tls.get(), bytes.data(), static_cast<int>(bytes.size()));
    ERR_clear_error();
  } else {
    sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  const auto done = static_cast<std::size_t>(std::max<long>(sent, 0));
  if (done < bytes.size()) {
    connection.unsent = bytes.substr(done);
    watch(socket, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
  }
}

void SinkServer::close(int socket) {
  connections_[static_cast<std::size_t>(socket)] = Connection{};
  ::close(socket);
}

}  // namespace bench
