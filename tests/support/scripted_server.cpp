#include "support/scripted_server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <cctype>
#include <charconv>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace stresskit::test {

namespace {

int listen_on_loopback(std::uint16_t& port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener, generic, size) != 0 || ::listen(listener, 64) != 0 ||
      ::getsockname(listener, generic, &size) != 0) {
    throw std::runtime_error("cannot listen on a free port");
  }
  port = ntohs(address.sin_port);
  return listener;
}

std::string decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ec == std::errc{}) {
      out += static_cast<char>(value);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::map<std::string, std::string> parse_query(std::string_view text) {
  std::map<std::string, std::string> out;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    out[decode(pair.substr(0, equals))] = decode(pair.substr(std::min(pair.size(), equals + 1)));
  }
  return out;
}

/// Takes one whole request off the front of `buffer`, if there is one.
std::optional<ScriptedServer::Request> take_request(std::string& buffer) {
  const std::size_t end = buffer.find("\r\n\r\n");
  if (end == std::string::npos) {
    return std::nullopt;
  }
  ScriptedServer::Request request;
  std::string_view head = std::string_view(buffer).substr(0, end + 2);
  const auto line = [&head] {
    const std::string_view out = head.substr(0, head.find("\r\n"));
    head.remove_prefix(out.size() + 2);
    return out;
  };
  const std::string_view first = line();
  const std::size_t space = first.find(' ');
  const std::string_view target = first.substr(space + 1, first.rfind(' ') - space - 1);
  const std::size_t mark = std::min(target.find('?'), target.size());
  request.method = first.substr(0, space);
  request.path = decode(target.substr(0, mark));
  request.query = parse_query(target.substr(std::min(target.size(), mark + 1)));
  while (!head.empty()) {
    const std::string_view header = line();
    const std::size_t colon = header.find(':');
    const std::size_t value = header.find_first_not_of(' ', colon + 1);
    request.headers[lower(header.substr(0, colon))] =
        value == std::string_view::npos ? "" : std::string(header.substr(value));
  }
  const auto length = request.headers.find("content-length");
  const std::size_t bytes = length == request.headers.end() ? 0 : std::stoul(length->second);
  if (buffer.size() < end + 4 + bytes) {
    return std::nullopt;
  }
  request.body = buffer.substr(end + 4, bytes);
  buffer.erase(0, end + 4 + bytes);
  return request;
}

void send_all(int socket, std::string_view data) {
  while (!data.empty()) {
    const ssize_t sent = ::send(socket, data.data(), data.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      return;
    }
    data.remove_prefix(static_cast<std::size_t>(sent));
  }
}

}  // namespace

ScriptedServer::ScriptedServer(Handler handler)
    : handler_(std::move(handler)), listener_(listen_on_loopback(port_)) {
  acceptor_ = std::jthread([this] { accept_all(); });
}

ScriptedServer::~ScriptedServer() {
  ending_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  std::list<std::jthread> threads;
  {
    const std::lock_guard lock(mutex_);
    for (const int socket : sockets_) {
      ::shutdown(socket, SHUT_RDWR);
    }
    threads.swap(threads_);
  }
  threads.clear();  // joins
}

std::vector<ScriptedServer::Request> ScriptedServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::size_t ScriptedServer::count(const std::string& method, const std::string& path) const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::count_if(
      requests_.begin(), requests_.end(),
      [&](const Request& request) { return request.method == method && request.path == path; }));
}

void ScriptedServer::accept_all() {
  while (!ending_) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) {
      continue;
    }
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const int connection = ++accepted_;
    const std::lock_guard lock(mutex_);
    sockets_.push_back(socket);
    threads_.emplace_back([this, socket, connection] { serve(socket, connection); });
  }
}

void ScriptedServer::serve(int socket, int connection) {
  std::string buffer;
  char piece[16'384];
  for (bool open = true; open;) {
    const ssize_t bytes = ::recv(socket, piece, sizeof piece, 0);
    if (bytes <= 0) {
      break;
    }
    buffer.append(piece, static_cast<std::size_t>(bytes));
    if (buffer.front() == '\x16') {  // a TLS handshake: answered in plain text, as web servers do
      send_all(socket, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
      break;
    }
    while (open) {
      std::optional<Request> request = take_request(buffer);
      if (!request) {
        break;
      }
      request->connection = connection;
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(*request);
      }
      open = answer(socket, *request);
    }
  }
  const std::lock_guard lock(mutex_);
  sockets_.remove(socket);
  ::close(socket);
}

bool ScriptedServer::answer(int socket, const Request& request) {
  Reply reply;
  {
    const std::lock_guard lock(handler_mutex_);
    reply = handler_(request);
  }
  if (reply.ending == Ending::cut) {
    return false;
  }
  if (reply.ending == Ending::stall) {
    return true;
  }
  std::string head =
      fmt::format("HTTP/1.1 {} Status\r\nContent-Length: {}\r\n", reply.status, reply.body.size());
  if (!reply.type.empty()) {
    head += fmt::format("Content-Type: {}\r\n", reply.type);
  }
  for (const std::string& header : reply.headers) {
    head += header + "\r\n";
  }
  if (reply.ending == Ending::close) {
    head += "Connection: close\r\n";
  }
  const std::size_t bytes =
      reply.ending == Ending::half ? reply.body.size() / 2 : reply.body.size();
  send_all(socket, head + "\r\n" + reply.body.substr(0, bytes));
  return reply.ending == Ending::keep;
}

std::uint16_t closed_port() {
  std::uint16_t port = 0;
  ::close(listen_on_loopback(port));
  return port;
}

}  // namespace stresskit::test
