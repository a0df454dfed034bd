#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace stresskit::test {

struct HttpResponse {
  int status = 0;  ///< 0: the connection ended without a whole answer
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string raw;                ///< everything received, as it came
  bool connection_ended = false;  ///< the server closed behind (or within) the answer

  /// The first header of that name, whatever its case; empty when there is none.
  [[nodiscard]] std::string header(const std::string& name) const;
};

/// A plain HTTP/1.1 connection to 127.0.0.1 that hides nothing: no reconnect, no redirect.
class HttpConnection {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  /// Throws std::runtime_error when nobody listens.
  explicit HttpConnection(std::uint16_t port);
  ~HttpConnection();
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  /// Sends the request and waits up to 30 s for its answer.
  HttpResponse request(const std::string& method, const std::string& target,
                       const Headers& headers = {}, const std::string& body = {});

  /// Sends bytes as they are and waits for an answer to them.
  HttpResponse raw_request(const std::string& bytes);

  /// Whether the server has closed, waiting for it up to `deadline`.
  [[nodiscard]] bool ends_within(std::chrono::milliseconds deadline);

 private:
  bool receive_more(std::string& into, std::chrono::milliseconds deadline);

  int socket_ = -1;
  std::uint16_t port_;
};

/// One request on a connection of its own.
HttpResponse http(std::uint16_t port, const std::string& method, const std::string& target,
                  const HttpConnection::Headers& headers = {}, const std::string& body = {});

}  // namespace stresskit::test
