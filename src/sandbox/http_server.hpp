#pragma once

#include "sandbox/rest_front.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace stresskit::sandbox {

/// The HTTP side: accepts connections and turns bytes into calls of a RestFront. Connections obey
/// the platform's rules (http_connection.hpp).
///
/// Threads: serves from threads of its own, which end with this object.
class HttpServer {
 public:
  /// Binds and serves. Throws support::Error(usage) when the port is taken.
  HttpServer(RestFront& front, const std::string& host, std::uint16_t port);
  ~HttpServer();

  [[nodiscard]] std::uint16_t port() const;

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

}  // namespace stresskit::sandbox
