#include "dashboard/http_codec.hpp"

#include "dashboard/protection.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <string>
#include <utility>

namespace stresskit::dashboard {
namespace {

/// A request that is in memory already, and the answer as it is written.
class MemoryStream final : public httplib::Stream {
 public:
  explicit MemoryStream(std::string_view request) : unread_(request) {}

  bool is_readable() const override { return !unread_.empty(); }
  bool is_writable() const override { return true; }
  ssize_t read(char* to, std::size_t size) override {
    const std::size_t count = std::min(size, unread_.size());
    std::memcpy(to, unread_.data(), count);
    unread_.remove_prefix(count);
    return static_cast<ssize_t>(count);
  }
  ssize_t write(const char* from, std::size_t size) override {
    written.append(from, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return INVALID_SOCKET; }

  std::string written;

 private:
  std::string_view unread_;
};

Request translate(const httplib::Request& from) {
  Request request{.method = from.method,
                  .path = from.path,
                  .query = {},
                  .if_none_match = from.get_header_value("If-None-Match"),
                  .accept = from.get_header_value("Accept"),
                  .authorization = from.get_header_value("Authorization")};
  for (const auto& [name, value] : from.params) {
    request.query.emplace(name, value);
  }
  return request;
}

void fill(httplib::Response& to, Answer from, bool takes_gzip) {
  to.status = from.status;
  to.set_header("Cache-Control", from.changes_often ? "no-store" : "no-cache");
  if (from.is_report) {
    to.headers.erase("Content-Security-Policy");  // the default: a browser would keep to both
    to.set_header("Content-Security-Policy", report_policy);
  }
  if (!from.tag.empty()) {
    to.set_header("ETag", '"' + from.tag + '"');
  }
  if (from.now > 0) {
    // Its reader's clock may differ; countdowns and ages go by this one.
    to.set_header("Server-Time", fmt::format("{:.3f}", from.now));
  }
  if (from.status == 405) {
    to.set_header("Allow", "GET, HEAD");
  }
  if (from.status == 401) {
    to.set_header("WWW-Authenticate", R"(Basic realm="Telemetry Stress Kit", charset="UTF-8")");
  }
  if (from.type.empty()) {
    return;
  }
  to.set_header("Content-Type", from.type);
  const bool packed = takes_gzip && !from.packed.empty();
  if (packed) {
    to.set_header("Content-Encoding", "gzip");
  }
  to.body = std::move(packed ? from.packed : from.body);
}

bool takes_gzip(const httplib::Request& request) {
  return request.get_header_value("Accept-Encoding").find("gzip") != std::string::npos;
}

}  // namespace

/// cpp-httplib's reading, compressing and writing, without its sockets and threads: those share
/// ports, keep a thread busy for each slow client, and know no deadline for a whole request.
class HttpCodec::Engine final : public httplib::Server {
 public:
  explicit Engine(std::function<Answer(const Request&)> site) : site_(std::move(site)) {
    // Also what httplib answers by itself has these.
    set_default_headers({{"Content-Security-Policy", page_policy},
                         {"X-Content-Type-Options", "nosniff"},
                         {"Referrer-Policy", "no-referrer"},
                         {"Vary", "Accept, Accept-Encoding"}});
    // What the Keep-Alive header says: a little less than the loop's own patience.
    set_keep_alive_timeout(25);
    set_keep_alive_max_count(1'000'000);
    // Before httplib would read a body, so that a method we do not know is answered at once.
    set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      fill(response, site_(translate(request)), takes_gzip_);
      return HandlerResponse::Handled;
    });
  }

  Reply answer(std::string_view head) {
    MemoryStream stream(head);
    bool closed = false;
    bool plain = false;  // understood, and nothing follows the head
    const auto prepare = [this, &plain](httplib::Request& request) {
      plain = !request.has_header("Content-Length") && !request.has_header("Transfer-Encoding");
      // Answers come packed already, once for all clients; ranges of small files serve nobody.
      takes_gzip_ = takes_gzip(request);
      request.headers.erase("Accept-Encoding");
      request.ranges.clear();
    };
    const bool last = !keeps_alive(head);
    const bool done = process_request(stream, last, closed, prepare);
    return {std::move(stream.written), last || closed || !plain || !done};
  }

 private:
  /// Other methods may bring a body, which is never read.
  static bool keeps_alive(std::string_view head) {
    return head.starts_with("GET ") || head.starts_with("HEAD ");
  }

  std::function<Answer(const Request&)> site_;
  bool takes_gzip_ = false;  ///< the client whose request is being answered
};

HttpCodec::HttpCodec(std::function<Answer(const Request&)> site)
    : engine_(std::make_unique<Engine>(std::move(site))) {}

HttpCodec::~HttpCodec() = default;

Reply HttpCodec::answer(std::string_view head) {
  Reply reply;
  try {
    reply = engine_->answer(head);
  } catch (const std::exception&) {
    // httplib 0.11 throws on some headers, for instance a range beyond every number.
    reply.bytes.clear();
  }
  return reply.bytes.empty() ? Reply{refusal("400 Bad Request"), true} : reply;
}

}  // namespace stresskit::dashboard
