#include "support/http_client.hpp"

#include <arpa/inet.h>
#include <array>
#include <cstdlib>
#include <poll.h>
#include <stdexcept>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

namespace stresskit::test {
namespace {

using namespace std::chrono_literals;

constexpr auto answer_deadline = 30s;
constexpr std::string_view head_end = "\r\n\r\n";

void parse_head(HttpResponse& response, const std::string& head) {
  response.status = std::atoi(head.c_str() + std::string("HTTP/1.1 ").size());
  std::size_t at = head.find("\r\n");
  while (at != std::string::npos && at + 2 < head.size()) {
    const std::size_t start = at + 2;
    at = head.find("\r\n", start);
    const std::string line = head.substr(start, at == std::string::npos ? at : at - start);
    const std::size_t colon = line.find(": ");
    if (colon != std::string::npos) {
      response.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
  }
}

/// The bytes of a chunked body, or nothing while its last chunk is missing.
bool decode_chunks(const std::string& bytes, std::string& body) {
  body.clear();
  for (std::size_t at = 0;;) {
    const std::size_t line = bytes.find("\r\n", at);
    if (line == std::string::npos) return false;
    const std::size_t size = std::strtoul(bytes.c_str() + at, nullptr, 16);
    if (line + 2 + size + 2 > bytes.size()) return false;
    if (size == 0) return true;
    body += bytes.substr(line + 2, size);
    at = line + 2 + size + 2;
  }
}

/// Fills in the body when `bytes` hold all of it.
bool read_body(HttpResponse& response, const std::string& bytes) {
  if (response.header("Transfer-Encoding") == "chunked") return decode_chunks(bytes, response.body);
  const auto length = std::strtoul(response.header("Content-Length").c_str(), nullptr, 10);
  if (bytes.size() < length) return false;
  response.body = bytes.substr(0, length);
  return true;
}

}  // namespace

std::string HttpResponse::header(const std::string& name) const {
  for (const auto& [known, value] : headers) {
    if (::strcasecmp(known.c_str(), name.c_str()) == 0) return value;
  }
  return {};
}

HttpConnection::HttpConnection(std::uint16_t port) : port_(port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket_);
    throw std::runtime_error("nobody listens on port " + std::to_string(port));
  }
}

HttpConnection::~HttpConnection() {
  ::close(socket_);
}

HttpResponse HttpConnection::request(const std::string& method, const std::string& target,
                                     const Headers& headers, const std::string& body) {
  std::string bytes =
      method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_) + "\r\n";
  for (const auto& [name, value] : headers) bytes += name + ": " + value + "\r\n";
  if (!body.empty()) bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return raw_request(bytes + "\r\n" + body);
}

HttpResponse HttpConnection::raw_request(const std::string& bytes) {
  HttpResponse response;
  ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  for (;;) {
    const std::size_t end = response.raw.find(head_end);
    if (end != std::string::npos) {
      if (response.headers.empty()) parse_head(response, response.raw.substr(0, end));
      if (read_body(response, response.raw.substr(end + head_end.size()))) break;
    }
    if (!receive_more(response.raw, answer_deadline)) {
      response.status = 0;
      response.connection_ended = true;
      return response;
    }
  }
  response.connection_ended = response.header("Connection") == "close" && ends_within(10s);
  return response;
}

bool HttpConnection::receive_more(std::string& into, std::chrono::milliseconds deadline) {
  pollfd waiting{socket_, POLLIN, 0};
  if (::poll(&waiting, 1, static_cast<int>(deadline.count())) <= 0) return false;
  std::array<char, 65536> buffer{};
  const ssize_t got = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (got > 0) into.append(buffer.data(), static_cast<std::size_t>(got));
  return got > 0;
}

bool HttpConnection::ends_within(std::chrono::milliseconds deadline) {
  pollfd waiting{socket_, POLLIN, 0};
  char unexpected = 0;
  return ::poll(&waiting, 1, static_cast<int>(deadline.count())) > 0 &&
         ::recv(socket_, &unexpected, 1, MSG_PEEK) <= 0;
}

HttpResponse http(std::uint16_t port, const std::string& method, const std::string& target,
                  const HttpConnection::Headers& headers, const std::string& body) {
  return HttpConnection(port).request(method, target, headers, body);
}

}  // namespace stresskit::test
