#include "thingsboard/http.hpp"

#include "thingsboard/curl_error.hpp"

#include "stresskit/support/version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <string>

namespace stresskit::thingsboard {

namespace {

using namespace std::chrono_literals;

// More than a page of 1,000 devices with long names and descriptions; a server gone mad gets no
// more.
constexpr std::size_t most_body_bytes = std::size_t{64} * 1024 * 1024;
constexpr std::chrono::milliseconds most_connect_time = 10s;
// ThingsBoard closes a connection that was idle for 60 s.
constexpr long reuse_for_seconds = 50;

void start_library() {
  // Once a process, and thread-safe by the rules of static initialisation.
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) {
    throw std::bad_alloc();
  }
}

template <class Value>
void set(CURL* handle, CURLoption option, Value value) {
  if (curl_easy_setopt(handle, option, value) == CURLE_OUT_OF_MEMORY) {
    throw std::bad_alloc();
  }
}

/// A proxy from the environment is never meant for our own machine.
bool is_loopback(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::string_view host = scheme == std::string_view::npos ? url : url.substr(scheme + 3);
  return host.starts_with("localhost") || host.starts_with("127.") || host.starts_with("[::1]");
}

}  // namespace

HttpRequest post(std::string path, std::string body) {
  HttpRequest request;
  request.method = Method::post;
  request.path = std::move(path);
  request.body = std::move(body);
  return request;
}

std::string describe(const HttpRequest& request) {
  constexpr std::string_view verbs[] = {"GET", "POST", "DELETE"};
  return fmt::format("{} {}", verbs[static_cast<std::size_t>(request.method)],
                     request.path.substr(0, request.path.find('?')));
}

std::string scrubbed(std::string_view words, const std::string& secret) {
  constexpr std::string_view stars = "***";
  std::string out(words);
  for (std::size_t at = 0; !secret.empty() && (at = out.find(secret, at)) != std::string::npos;
       at += stars.size()) {
    out.replace(at, secret.size(), stars);
  }
  for (std::size_t at = 0; (at = out.find("://", at)) != std::string::npos;) {
    at += 3;
    const std::size_t end = std::min(out.find_first_of("/?# \t\r\n\"'", at), out.size());
    const std::size_t sign = out.rfind('@', end);
    if (sign != std::string::npos && sign >= at && sign < end) {
      out.replace(at, sign - at, stars);
    }
  }
  return out;
}

std::string url_encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool alphanumeric =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (alphanumeric || std::string_view("-._~").find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

Http::Http(const config::ThingsBoard& server, std::stop_token stop, std::string accept)
    : url_(server.url), accept_(std::move(accept)), stop_(std::move(stop)) {
  start_library();
  multi_.reset(curl_multi_init());
  easy_.reset(curl_easy_init());
  if (!multi_ || !easy_) {
    throw std::bad_alloc();
  }
  set_up_once(server);
}

Http::~Http() = default;

void Http::set_up_once(const config::ThingsBoard& server) {
  const auto timeout = std::chrono::duration_cast<std::chrono::milliseconds>(server.timeout);
  CURL* const handle = easy_.get();
  set(handle, CURLOPT_NOSIGNAL, 1L);
  set(handle, CURLOPT_QUICK_EXIT, 1L);  // a stop does not wait for the resolver's thread
  set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  set(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(handle, CURLOPT_FOLLOWLOCATION, 0L);
  set(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  set(handle, CURLOPT_CONNECTTIMEOUT_MS,
      static_cast<long>(std::min(timeout, most_connect_time).count()));
  set(handle, CURLOPT_TCP_NODELAY, 1L);
  set(handle, CURLOPT_MAXAGE_CONN, reuse_for_seconds);
  set(handle, CURLOPT_USERAGENT, fmt::format("stresskit/{}", support::version()).c_str());
  set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(handle, CURLOPT_ERRORBUFFER, words_);
  set(handle, CURLOPT_WRITEFUNCTION, &Http::on_body);
  set(handle, CURLOPT_WRITEDATA, this);
  set(handle, CURLOPT_READFUNCTION, &Http::on_upload);
  set(handle, CURLOPT_READDATA, &upload_);
  if (is_loopback(url_)) {
    set(handle, CURLOPT_NOPROXY, "*");
  }
  if (!server.ca_file.empty()) {
    set(handle, CURLOPT_CAINFO, server.ca_file.c_str());
    // Else the system's folder of authorities would count besides: the file is instead of them.
    set(handle, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  if (server.tls_insecure) {
    set(handle, CURLOPT_SSL_VERIFYPEER, 0L);
    set(handle, CURLOPT_SSL_VERIFYHOST, 0L);
  }
}

Answer<HttpAnswer> Http::send(const HttpRequest& request, const std::string& bearer) {
  set_up_request(request, bearer);
  const CURLcode code = perform();
  if (code != CURLE_OK) {
    return support::failure(error(code, request));
  }
  return answer();
}

void Http::set_up_request(const HttpRequest& request, const std::string& bearer) {
  CURL* const handle = easy_.get();
  set(handle, CURLOPT_URL, (url_ + request.path).c_str());
  set_headers(bearer);
  body_.clear();
  words_[0] = '\0';
  set(handle, CURLOPT_HTTPGET, 1L);
  set(handle, CURLOPT_CUSTOMREQUEST, request.method == Method::del ? "DELETE" : nullptr);
  if (request.method != Method::post) {
    return;
  }
  set(handle, CURLOPT_POST, 1L);
  set(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  // libcurl repeats any request by itself when a kept connection turns out to be closed. It can
  // only repeat a body it can rewind: one handed over piece by piece is never sent twice.
  upload_.rest = request.body;
  set(handle, CURLOPT_POSTFIELDS, request.repeatable ? request.body.c_str() : nullptr);
}

void Http::set_headers(const std::string& bearer) {
  if (headers_ && headers_bearer_ == bearer) {
    return;
  }
  curl_slist* list = nullptr;
  const auto add = [&](const std::string& line) {
    curl_slist* const longer = curl_slist_append(list, line.c_str());
    if (longer == nullptr) {
      curl_slist_free_all(list);
      throw std::bad_alloc();
    }
    list = longer;
  };
  add("Content-Type: application/json");
  add("Accept: " + accept_);
  add("Expect:");  // no "100-continue" round trip
  if (!bearer.empty()) {
    add("X-Authorization: Bearer " + bearer);
  }
  set(easy_.get(), CURLOPT_HTTPHEADER, list);
  headers_.reset(list);
  headers_bearer_ = bearer;
}

CURLcode Http::perform() {
  if (stop_.stop_requested()) {
    return CURLE_ABORTED_BY_CALLBACK;
  }
  CURLM* const multi = multi_.get();
  curl_multi_add_handle(multi, easy_.get());
  const std::stop_callback wake(stop_, [multi] { curl_multi_wakeup(multi); });
  CURLcode result = CURLE_ABORTED_BY_CALLBACK;
  while (!stop_.stop_requested()) {
    int running = 0;
    curl_multi_perform(multi, &running);
    int waiting = 0;
    if (const CURLMsg* const message = curl_multi_info_read(multi, &waiting); message != nullptr) {
      result = message->data.result;
      break;
    }
    curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
  }
  curl_multi_remove_handle(multi, easy_.get());
  return result;
}

HttpAnswer Http::answer() {
  CURL* const handle = easy_.get();
  long status = 0;
  const char* type = nullptr;
  const char* redirect = nullptr;
  curl_off_t retry_after = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(handle, CURLINFO_CONTENT_TYPE, &type);
  curl_easy_getinfo(handle, CURLINFO_REDIRECT_URL, &redirect);
  curl_easy_getinfo(handle, CURLINFO_RETRY_AFTER, &retry_after);
  HttpAnswer out;
  out.status = static_cast<int>(status);
  out.body = std::move(body_);
  out.content_type = type != nullptr ? type : "";
  out.redirect = redirect != nullptr ? redirect : "";
  if (retry_after > 0) {
    out.retry_after = std::chrono::seconds(retry_after);
  }
  curl_header* date = nullptr;
  if (curl_easy_header(handle, "Date", 0, CURLH_HEADER, -1, &date) == CURLHE_OK) {
    if (const time_t at = curl_getdate(date->value, nullptr); at >= 0) {
      out.date = support::Wall::from_time_t(at);
    }
  }
  return out;
}

ApiError Http::error(CURLcode code, const HttpRequest& request) const {
  long os_error = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &os_error);
  ApiError out;
  out.kind = kind_of(code, static_cast<int>(os_error));
  out.message = scrubbed(words_[0] != '\0' ? words_ : curl_easy_strerror(code), request.secret);
  out.request = describe(request);
  return out;
}

std::size_t Http::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  std::string& body = static_cast<Http*>(self)->body_;
  if (body.size() + size * count > most_body_bytes) {
    return 0;  // ends the transfer with CURLE_WRITE_ERROR
  }
  body.append(data, size * count);
  return size * count;
}

std::size_t Http::on_upload(char* out, std::size_t size, std::size_t count, void* self) {
  std::string_view& rest = static_cast<Upload*>(self)->rest;
  const std::size_t bytes = std::min(size * count, rest.size());
  std::memcpy(out, rest.data(), bytes);
  rest.remove_prefix(bytes);
  return bytes;
}

}  // namespace stresskit::thingsboard
