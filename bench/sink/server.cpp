#include "sink/server.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
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

Nanoseconds nanoseconds(const timespec& time) {
  return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

Nanoseconds wall_now() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return nanoseconds(now);
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
    wall_offset_ = monotonic_now() - wall_now();
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
      this->answer(answer.socket, answer.bytes);
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
    ::setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    const auto index = static_cast<std::size_t>(socket);
    if (index >= connections_.size()) {
      connections_.resize(index + 1);
    }
    connections_[index] = Connection{};
    connections_[index].serial = ++last_serial_;
    if (tls_ != nullptr) {
      Ssl tls(SSL_new(tls_.get()));
      SSL_set_bio(tls.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
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

SinkServer::Input SinkServer::read(int socket) {
  iovec room{buffer_.data(), buffer_.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(timespec))> control{};
  msghdr message{};
  message.msg_iov = &room;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t got = ::recvmsg(socket, &message, 0);
  if (got < 0 && errno == EAGAIN) {
    return {};
  }
  if (got <= 0) {
    return {.ended = true, .arrived = 0, .bytes = {}};
  }
  Input input{.ended = false,
              .arrived = monotonic_now(),
              .bytes = {buffer_.data(), static_cast<std::size_t>(got)}};
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header != nullptr && header->cmsg_type == SO_TIMESTAMPNS) {
    timespec at{};
    std::memcpy(&at, CMSG_DATA(header), sizeof at);
    input.arrived = nanoseconds(at) + wall_offset_;
  }
  return input;
}

void SinkServer::receive(int socket) {
  Connection& connection = connections_[static_cast<std::size_t>(socket)];
  const Input input = read(socket);
  std::string bytes = std::exchange(connection.partial, {});
  if (connection.tls == nullptr) {
    bytes += input.bytes;
  }
  const bool broken = connection.tls != nullptr && !decrypt(connection, input.bytes, bytes);
  if (input.ended || broken) {
    close(socket);
    return;
  }
  std::string out = answers(connection, bytes, input.arrived);
  if (options_.answer_delay > 0 && !out.empty()) {
    delayed_.push_back(
        {monotonic_now() + options_.answer_delay, socket, connection.serial, std::move(out)});
  } else {
    answer(socket, out);
  }
}

/// Appends what the bytes say; false: the stream is broken.
bool SinkServer::decrypt(Connection& connection, std::string_view bytes, std::string& plain) {
  SSL* tls = connection.tls.get();
  BIO_write(SSL_get_rbio(tls), bytes.data(), static_cast<int>(bytes.size()));
  std::array<char, 16'384> record{};
  int got = 0;
  while ((got = SSL_read(tls, record.data(), static_cast<int>(record.size()))) > 0) {
    plain.append(record.data(), static_cast<std::size_t>(got));
  }
  const int error = SSL_get_error(tls, got);
  ERR_clear_error();
  return error == SSL_ERROR_WANT_READ;
}

/// The answers to all whole packets in `bytes`; the rest is kept.
std::string SinkServer::answers(Connection& connection, std::string_view bytes,
                                Nanoseconds arrived) {
  std::string out;
  while (!bytes.empty()) {
    const Frame frame = frame_of(bytes);
    if (frame.size == 0 || frame.size > bytes.size()) {
      connection.partial = bytes;
      break;
    }
    answer_packet(connection, bytes.substr(0, frame.size), frame.body, arrived, out);
    bytes.remove_prefix(frame.size);
  }
  return out;
}

void SinkServer::answer_packet(Connection& connection, std::string_view packet, std::size_t body,
                               Nanoseconds arrived, std::string& out) {
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
      arrivals_.note({connection.publishes++, arrived, monotonic_now() + options_.answer_delay});
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

/// Sends the answer, and with TLS whatever the handshake has to say.
void SinkServer::answer(int socket, std::string_view bytes) {
  SSL* tls = connections_[static_cast<std::size_t>(socket)].tls.get();
  if (tls == nullptr) {
    send(socket, bytes);
    return;
  }
  if (!bytes.empty()) {
    SSL_write(tls, bytes.data(), static_cast<int>(bytes.size()));
  }
  char* encrypted = nullptr;
  const long size = BIO_get_mem_data(SSL_get_wbio(tls), &encrypted);
  if (size > 0) {
    send(socket, {encrypted, static_cast<std::size_t>(size)});
    static_cast<void>(BIO_reset(SSL_get_wbio(tls)));
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
  const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  const auto done = static_cast<std::size_t>(std::max<ssize_t>(sent, 0));
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
