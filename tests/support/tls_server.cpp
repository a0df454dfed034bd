#include "support/tls_server.hpp"

#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace stresskit::test {

TlsServer::TlsServer(const ServerCertificate& certificate, std::string response)
    : response_(std::move(response)), context_(SSL_CTX_new(TLS_server_method())) {
  if (SSL_CTX_use_certificate_file(context_, certificate.certificate.c_str(), SSL_FILETYPE_PEM) !=
          1 ||
      SSL_CTX_use_PrivateKey_file(context_, certificate.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    throw std::runtime_error("cannot use the certificate " + certificate.certificate.string());
  }
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, generic, &size) != 0) {
    throw std::runtime_error("cannot listen on a free port");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this] { serve(); });
}

TlsServer::~TlsServer() {
  ending_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
  SSL_CTX_free(context_);
}

void TlsServer::serve() {
  while (!ending_) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket >= 0) {
      const timeval patience{5, 0};  // a client that says nothing must not hold the test
      ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
      answer(socket);
      ::close(socket);
    }
  }
}

void TlsServer::answer(int socket) {
  SSL* const tls = SSL_new(context_);
  SSL_set_fd(tls, socket);
  char request[16'384];
  if (SSL_accept(tls) == 1 && SSL_read(tls, request, sizeof request) > 0) {
    SSL_write(tls, response_.data(), static_cast<int>(response_.size()));
    SSL_shutdown(tls);
  }
  SSL_free(tls);
}

}  // namespace stresskit::test
