#include "dashboard/listener.hpp"

#include "stresskit/support/error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <system_error>
#include <utility>

namespace stresskit::dashboard {
namespace {

using support::Descriptor;
using Addresses = std::unique_ptr<addrinfo, void (*)(addrinfo*)>;

[[noreturn]] void refuse(const std::string& host, std::uint16_t port, const std::string& why) {
  throw support::Error(support::ExitCode::usage,
                       fmt::format("cannot listen on {}:{}: {}", host, port, why));
}

Addresses resolve(const std::string& host, std::uint16_t port) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
  if (error != 0) {
    refuse(host, port,
           fmt::format("{} (DASHBOARD_HOST is a name or an address of this machine)",
                       ::gai_strerror(error)));
  }
  return {found, &::freeaddrinfo};
}

/// A listening socket on one address, or none with errno set.
Descriptor listen_on(const addrinfo& address) {
  Descriptor socket(
      ::socket(address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  // So that a restart need not wait for old connections to fade; two listeners still collide.
  const int on = 1;
  (void)::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const bool listens = socket && ::bind(socket.get(), address.ai_addr, address.ai_addrlen) == 0 &&
                       ::listen(socket.get(), SOMAXCONN) == 0;
  return listens ? std::move(socket) : Descriptor();
}

std::string advice(int error) {
  switch (error) {
    case EADDRINUSE:
      return "the port is taken by another program; end that one, or choose another port with "
             "--dashboard-port (0 takes a free one)";
    case EADDRNOTAVAIL:
      return "that is no address of this machine; 0.0.0.0 listens on all of them, 127.0.0.1 only "
             "for this machine (--dashboard-host)";
    case EACCES:
      return "ports below 1024 need special rights; choose another with --dashboard-port";
    default:
      return std::generic_category().message(error);
  }
}

/// The address a socket is bound to; family 0 when it cannot be told.
union Bound {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

Bound bound_to(int descriptor) {
  Bound bound{};
  socklen_t size = sizeof bound;
  return ::getsockname(descriptor, &bound.any, &size) == 0 ? bound : Bound{};
}

std::uint16_t port_of(int descriptor) {
  const Bound bound = bound_to(descriptor);
  return ntohs(bound.any.sa_family == AF_INET6 ? bound.v6.sin6_port : bound.v4.sin_port);
}

}  // namespace

Listener::Listener(const std::string& host, std::uint16_t port) : host_(host) {
  const Addresses addresses = resolve(host, port);
  int error = EADDRNOTAVAIL;
  for (const addrinfo* at = addresses.get(); at != nullptr && !socket_; at = at->ai_next) {
    socket_ = listen_on(*at);
    error = socket_ ? 0 : errno;
  }
  if (!socket_) {
    refuse(host, port, advice(error));
  }
  port_ = port_of(socket_.get());
}

bool Listener::is_loopback() const {
  const Bound bound = bound_to(socket_.get());
  if (bound.any.sa_family == AF_INET6) {
    return IN6_IS_ADDR_LOOPBACK(&bound.v6.sin6_addr);
  }
  constexpr std::uint32_t network = 127;  // 127.0.0.0/8
  return bound.any.sa_family == AF_INET && ntohl(bound.v4.sin_addr.s_addr) >> 24U == network;
}

std::string Listener::url() const {
  if (host_ == "0.0.0.0") {
    return fmt::format("http://127.0.0.1:{}/", port_);
  }
  if (host_ == "::") {
    return fmt::format("http://[::1]:{}/", port_);
  }
  const bool v6 = host_.find(':') != std::string::npos;
  return v6 ? fmt::format("http://[{}]:{}/", host_, port_)
            : fmt::format("http://{}:{}/", host_, port_);
}

}  // namespace stresskit::dashboard
