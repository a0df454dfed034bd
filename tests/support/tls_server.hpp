#pragma once

#include "support/certificates.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

struct ssl_ctx_st;

namespace stresskit::test {

/// An HTTPS server on a free loopback port: one connection at a time, one request each, always the
/// same answer.
class TlsServer {
 public:
  /// `response`: a whole HTTP response.
  TlsServer(const ServerCertificate& certificate, std::string response);
  ~TlsServer();
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  void serve();
  void answer(int socket);

  std::string response_;
  ssl_ctx_st* context_ = nullptr;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  std::atomic<bool> ending_ = false;
  std::jthread thread_;
};

}  // namespace stresskit::test
