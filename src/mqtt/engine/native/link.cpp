#include "mqtt/engine/native/link.hpp"

#include <openssl/err.h>

#include <cerrno>
#include <cstdint>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>
#include <utility>

namespace stresskit::mqtt::native {
namespace {

// IP_LOCAL_PORT_RANGE, which the C library does not name yet, and every port: the kernel cuts it
// down to its own range.
constexpr int ip_local_port_range = 51;
constexpr std::uint32_t all_ports = 65'535U << 16U | 1U;

}  // namespace

Link::Link(Link&& other) noexcept
    : cause_(other.cause_),
      tls_(std::move(other.tls_)),
      socket_(std::exchange(other.socket_, -1)) {}

Outcome Link::connect(const Address& address, const Address* local) {
  socket_ = ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket_ < 0) {
    return failed(errno);
  }
  // Without it the kernel holds a small packet back while an earlier one is unacknowledged.
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  // The kernel looks for a free port in steps of two, the ports of one parity first; with more
  // sockets to one server than these, every connect tries thousands in vain. Asked for a range, it
  // takes one port after the other (ip(7), Linux 6.3; older ones refuse and lose nothing).
  ::setsockopt(socket_, IPPROTO_IP, ip_local_port_range, &all_ports, sizeof all_ports);
  if (local != nullptr) {
    // The port is chosen when the other end is known, so each of our addresses has all its ports
    // for each server (ip(7)).
    ::setsockopt(socket_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (::bind(socket_, local->get(), local->size) != 0) {
      return failed(errno);
    }
  }
  // A near server has answered already, which saves two turns of waiting.
  const Outcome begun = reach(address);
  return begun == Outcome::blocked ? reach(address) : begun;
}

Outcome Link::reach(const Address& address) {
  if (::connect(socket_, address.get(), address.size) == 0) {
    return Outcome::done;
  }
  return errno == EINPROGRESS || errno == EALREADY ? Outcome::blocked : failed(errno);
}

bool Link::start_tls(const TlsContext& context, SSL_SESSION* resume) {
  tls_ = context.client(resume);
  if (tls_ == nullptr) {
    cause_ = {Source::system, ENOMEM};
  }
  return tls_ != nullptr;
}

Outcome Link::handshake() {
  take_wire();
  const int result = SSL_do_handshake(tls_.get());
  return result == 1 ? Outcome::done : failed_tls(result);
}

Io Link::read(char* to, std::size_t room) {
  if (encrypted()) {
    take_wire();
    std::size_t bytes = 0;
    const int result = SSL_read_ex(tls_.get(), to, room, &bytes);
    return result == 1 ? Io{Outcome::done, bytes} : Io{failed_tls(result), 0};
  }
  const ssize_t got = ::recv(socket_, to, room, 0);
  if (got > 0) {
    return {Outcome::done, static_cast<std::size_t>(got)};
  }
  if (got == 0) {
    cause_ = {Source::closed_by_server, 0};
    return {Outcome::ended, 0};
  }
  return {failed(errno), 0};
}

bool Link::encrypt(std::string_view bytes) {
  take_wire();
  std::size_t taken = 0;
  const int result = SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &taken);
  if (result != 1) {
    failed_tls(result);
  }
  return result == 1;
}

void Link::say_end() {
  take_wire();
  SSL_shutdown(tls_.get());
  ERR_clear_error();
}

std::uint32_t Link::retransmits() const {
  tcp_info info{};
  socklen_t size = sizeof info;
  const bool known = ::getsockopt(socket_, IPPROTO_TCP, TCP_INFO, &info, &size) == 0;
  return known ? info.tcpi_total_retrans : 0;
}

Io Link::write(std::string_view wire) {
  const ssize_t written = ::send(socket_, wire.data(), wire.size(), MSG_NOSIGNAL);
  return written >= 0 ? Io{Outcome::done, static_cast<std::size_t>(written)} : Io{failed(errno), 0};
}

void Link::close() {
  tls_.reset();
  if (socket_ >= 0) {
    ::close(socket_);
    socket_ = -1;
  }
}

void Link::take_wire() {
  TlsWire& wire = wire_of(tls_.get());
  wire.socket = socket_;
  wire.error = 0;
}

Outcome Link::failed(int error) {
  if (error == EAGAIN) {
    return Outcome::blocked;
  }
  const bool reset = error == ECONNRESET || error == EPIPE;
  cause_ = {reset ? Source::closed_by_server : Source::system, error};
  return Outcome::ended;
}

Outcome Link::failed_tls(int result) {
  const int error = wire_of(tls_.get()).error;
  switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return Outcome::blocked;
    case SSL_ERROR_ZERO_RETURN:
      cause_ = {Source::closed_by_server, 0};
      return Outcome::ended;
    case SSL_ERROR_SYSCALL:
      ERR_clear_error();
      return error == 0 || error == EAGAIN
                 ? (cause_ = {Source::closed_by_server, 0}, Outcome::ended)
                 : failed(error);
    default:
      cause_ = {Source::tls, tls_error(tls_.get())};
      return Outcome::ended;
  }
}

}  // namespace stresskit::mqtt::native
