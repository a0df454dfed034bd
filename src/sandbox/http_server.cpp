#include "sandbox/http_server.hpp"

#include "sandbox/http_connection.hpp"
#include "sandbox/server_clock.hpp"

#include "stresskit/support/error.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <charconv>
#include <mutex>
#include <set>
#include <sys/socket.h>
#include <thread>
#include <utility>

namespace stresskit::sandbox {
namespace {

constexpr std::size_t threads = 64;   // one a connection; more connections wait for their turn
constexpr int listen_backlog = 4096;  // httplib's own is 5
constexpr std::uint64_t most_payload = 16'777'216;  // thingsboard.yml: max_payload_size of /api/**

/// An HttpConnection as httplib wants to see it.
class ConnectionStream : public httplib::Stream {
 public:
  explicit ConnectionStream(HttpConnection& connection) : connection_(connection) {}

  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  ssize_t read(char* into, std::size_t most) override { return connection_.read(into, most); }
  ssize_t write(const char* from, std::size_t count) override {
    connection_.write({from, count});
    return static_cast<ssize_t>(count);
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return connection_.socket(); }

 private:
  HttpConnection& connection_;
};

RestCall to_call(const httplib::Request& request) {
  RestCall call;
  call.method = request.method;
  call.path = request.path;
  call.query.insert(request.params.begin(), request.params.end());
  call.content_type = request.get_header_value("Content-Type");
  call.accept = request.get_header_value("Accept");
  call.authorization = request.get_header_value("Authorization");
  call.x_authorization = request.get_header_value("X-Authorization");
  call.host = request.get_header_value("Host");
  call.body = request.body;
  return call;
}

void fill(httplib::Response& response, Answer answer) {
  response.status = answer.status;
  for (const auto& [name, value] : answer.headers) response.set_header(name, value);
  if (!answer.chunked) {
    response.body = std::move(answer.body);
    if (!answer.content_type.empty()) response.set_header("Content-Type", answer.content_type);
    return;
  }
  response.set_chunked_content_provider(
      answer.content_type, [body = std::move(answer.body)](std::size_t, httplib::DataSink& sink) {
        sink.write(body.data(), body.size());
        sink.done();
        return true;
      });
}

/// What every answer of the platform carries.
httplib::Headers default_headers() {
  return {{"Vary", "Origin"},
          {"X-Content-Type-Options", "nosniff"},
          {"Cache-Control", "no-cache, no-store, max-age=0, must-revalidate"},
          {"Pragma", "no-cache"},
          {"Expires", "0"}};
}

void prepare(httplib::Request& request) {
  // Without it httplib reads a body until the connection ends.
  if (!request.has_header("Content-Length") && !request.has_header("Transfer-Encoding")) {
    request.set_header("Content-Length", "0");
  }
  request.headers.erase("Accept-Encoding");  // the platform does not compress
}

/// 413 from the Content-Length alone, before the body.
httplib::Server::HandlerResponse refuse_too_large(const httplib::Request& request,
                                                  httplib::Response& response) {
  const std::string length = request.get_header_value("Content-Length");
  std::uint64_t bytes = 0;
  std::from_chars(length.data(), length.data() + length.size(), bytes);
  if (bytes <= most_payload) return httplib::Server::HandlerResponse::Unhandled;
  response.status = 413;
  response.body = fmt::format("\"Payload size exceeds the limit of {} bytes\"", most_payload);
  return httplib::Server::HandlerResponse::Handled;
}

}  // namespace

class HttpServer::Server : public httplib::Server {
 public:
  explicit Server(RestFront& front) : front_(front) {
    new_task_queue = [] { return new httplib::ThreadPool(threads); };
    set_default_headers(default_headers());
    set_pre_routing_handler(refuse_too_large);
    set_post_routing_handler([](const httplib::Request&, httplib::Response& response) {
      response.set_header("Date", http_date());
    });
    // SO_REUSEADDR alone: with httplib's SO_REUSEPORT two servers would share the port.
    set_socket_options([](socket_t socket) {
      const int on = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    });
    const auto handler = [this](const httplib::Request& request, httplib::Response& response) {
      fill(response, front_.answer(to_call(request)));
    };
    Get(".*", handler);
    Post(".*", handler);
    Put(".*", handler);
    Patch(".*", handler);
    Delete(".*", handler);
    Options(".*", handler);
  }

  ~Server() override {
    front_.stop();
    stop();
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }

  void serve(const std::string& host, std::uint16_t port) {
    port_ = port;
    if (port == 0) {
      port_ = static_cast<std::uint16_t>(std::max(0, bind_to_any_port(host)));
    } else if (!bind_to_port(host, port)) {
      port_ = 0;
    }
    if (port_ == 0) {
      throw support::Error(
          support::ExitCode::usage,
          fmt::format("cannot listen for REST on {}:{}: the port is taken. Try --port 0 for a free "
                      "one, or stop what uses it.",
                      host, port));
    }
    ::listen(svr_sock_, listen_backlog);
    thread_ = std::jthread([this] { listen_after_bind(); });
    while (!is_running()) std::this_thread::yield();  // before that, stop() does nothing
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  bool process_and_close_socket(socket_t socket) override {
    HttpConnection connection(socket);
    {
      const std::scoped_lock lock(mutex_);
      if (stopping_) return false;
      sockets_.insert(socket);
    }
    ConnectionStream stream(connection);
    bool closed = false;
    while (!closed && connection.wait_for_request()) {
      if (!process_request(stream, false, closed, prepare) || !connection.finish()) break;
    }
    const std::scoped_lock lock(mutex_);
    sockets_.erase(socket);
    return true;
  }

  RestFront& front_;
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  // guarded by mutex_
  std::set<int> sockets_;  ///< open connections, to be ended with the server
  bool stopping_ = false;

  std::jthread thread_;  // last: it uses everything above
};

HttpServer::HttpServer(RestFront& front, const std::string& host, std::uint16_t port)
    : server_(std::make_unique<Server>(front)) {
  server_->serve(host, port);
}

HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const {
  return server_->port();
}

}  // namespace stresskit::sandbox
