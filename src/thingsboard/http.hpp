#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/support/clock.hpp"
#include "stresskit/thingsboard/error.hpp"

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace stresskit::thingsboard {

enum class Method { get, post, del };

struct HttpRequest {
  Method method = Method::get;
  std::string path;  ///< with its parameters, below the server's URL
  std::string body;  ///< JSON, for Method::post
  /// Whether it may be sent twice when a kept connection turns out to be closed.
  bool repeatable = true;
  std::string secret{};  ///< a password or token in it, which no message may show; empty: none
};

struct HttpAnswer {
  int status = 0;
  std::string body;
  std::string content_type;
  std::string redirect;  ///< where a 3xx points to
  std::optional<std::chrono::seconds> retry_after;
  std::optional<support::Wall::time_point> date;  ///< the server's clock, whole seconds
};

[[nodiscard]] HttpRequest post(std::string path, std::string body);

/// "POST /api/device": a request as errors name it, without parameters.
[[nodiscard]] std::string describe(const HttpRequest& request);

/// `words` without what must not be shown: the secret of the request they answer, and what stands
/// before the @ of a URL. Servers like to repeat what they were sent, proxies their address.
[[nodiscard]] std::string scrubbed(std::string_view words, const std::string& secret);

/// Percent-encodes everything but RFC 3986's unreserved characters.
[[nodiscard]] std::string url_encode(std::string_view text);

/// One kept-alive HTTP connection to one server, over libcurl. Knows nothing of ThingsBoard.
/// Any status is an answer; an error means that there was none.
///
/// Threads: one at a time. A requested stop ends a request in hand at once.
class Http {
 public:
  /// `accept`: the type of the answers that are wanted.
  Http(const config::ThingsBoard& server, std::stop_token stop,
       std::string accept = "application/json");
  ~Http();
  Http(const Http&) = delete;
  Http& operator=(const Http&) = delete;

  /// `bearer`: the token to send along; empty: none.
  [[nodiscard]] Answer<HttpAnswer> send(const HttpRequest& request, const std::string& bearer);

 private:
  struct Upload {
    std::string_view rest;
  };

  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_upload(char* out, std::size_t size, std::size_t count, void* self);

  void set_up_once(const config::ThingsBoard& server);
  void set_up_request(const HttpRequest& request, const std::string& bearer);
  void set_headers(const std::string& bearer);
  CURLcode perform();
  [[nodiscard]] HttpAnswer answer();
  [[nodiscard]] ApiError error(CURLcode code, const HttpRequest& request) const;

  struct CurlDeleter {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  struct MultiDeleter {
    void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
  };

  const std::string url_;
  const std::string accept_;
  const std::stop_token stop_;
  std::unique_ptr<CURLM, MultiDeleter> multi_;  // keeps the connection; outlives the handle
  std::unique_ptr<CURL, CurlDeleter> easy_;
  std::unique_ptr<curl_slist, CurlDeleter> headers_;
  std::string headers_bearer_;
  std::string body_;
  Upload upload_;
  char words_[CURL_ERROR_SIZE] = {};
};

}  // namespace stresskit::thingsboard
