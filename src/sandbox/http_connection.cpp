#include "sandbox/http_connection.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace stresskit::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr auto body_timeout = 20s;   // for the rest of a request that has begun
constexpr auto linger_timeout = 1s;  // for the client to take the last answer
constexpr std::string_view line_end = "\r\n";

/// Removes the header line `name` from the head of `answer` and returns its value.
std::optional<std::string> take_header(std::string& answer, std::string_view name) {
  const std::size_t head_end = answer.find("\r\n\r\n");
  const std::string wanted = std::string(line_end) + std::string(name) + ": ";
  const std::size_t at = answer.find(wanted);
  if (at == std::string::npos || at > head_end) return std::nullopt;
  const std::size_t value = at + wanted.size();
  const std::size_t end = answer.find(line_end, value);
  std::string text = answer.substr(value, end - value);
  answer.erase(at, end - at);
  return text;
}

/// The status of "HTTP/1.1 200 OK".
std::string_view status_of(std::string_view answer) {
  constexpr std::size_t at = 9;
  return answer.size() > at + 3 ? answer.substr(at, 3) : std::string_view();
}

bool wait_readable(int socket, std::chrono::milliseconds timeout) {
  pollfd waiting{socket, POLLIN, 0};
  return ::poll(&waiting, 1, static_cast<int>(timeout.count())) > 0;
}

}  // namespace

Outgoing finish_answer(std::string answer, bool is_last) {
  const auto cut = take_header(answer, cut_header);
  if (cut == cut_before) return {"", true};
  take_header(answer, "Keep-Alive");
  const std::string status(status_of(answer));
  if (status == "413") take_header(answer, "Content-Type");
  bool close = is_last || status == "400" || status == "413" || status == "500";
  if (take_header(answer, "Connection") == "close") close = true;
  if (close) answer.insert(answer.find("\r\n\r\n"), "\r\nConnection: close");
  if (cut == cut_half) return {answer.substr(0, answer.size() / 2), true};
  return {std::move(answer), close};
}

HttpConnection::HttpConnection(int socket) : socket_(socket) {
  fcntl(socket_, F_SETFD, FD_CLOEXEC);
}

HttpConnection::~HttpConnection() {
  // A close with unread input would reset the connection and take the last answer with it, so the
  // client first gets the end of our side and then the time to close its own.
  ::shutdown(socket_, SHUT_WR);
  const auto deadline = std::chrono::steady_clock::now() + linger_timeout;
  std::array<char, 4096> rest{};
  while (std::chrono::steady_clock::now() < deadline && wait_readable(socket_, linger_timeout)) {
    if (::recv(socket_, rest.data(), rest.size(), MSG_DONTWAIT) <= 0) break;
  }
  ::close(socket_);
}

bool HttpConnection::fill(std::chrono::milliseconds timeout) {
  if (!wait_readable(socket_, timeout)) return false;
  std::array<char, 16384> buffer{};
  const ssize_t got = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (got <= 0) return false;
  unread_.erase(0, read_to_);
  read_to_ = 0;
  unread_.append(buffer.data(), static_cast<std::size_t>(got));
  return true;
}

bool HttpConnection::wait_for_request() {
  return read_to_ < unread_.size() || fill(idle_timeout);
}

std::ptrdiff_t HttpConnection::read(char* into, std::size_t most) {
  // "100 Continue" must be out before the body is waited for.
  if (!answer_.empty() && !send_all(std::exchange(answer_, {}))) return -1;
  if (read_to_ == unread_.size() && !fill(body_timeout)) return -1;
  const std::size_t count = std::min(most, unread_.size() - read_to_);
  std::memcpy(into, unread_.data() + read_to_, count);
  read_to_ += count;
  return static_cast<std::ptrdiff_t>(count);
}

bool HttpConnection::send_all(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool HttpConnection::finish() {
  ++answers_;
  const Outgoing out =
      finish_answer(std::exchange(answer_, {}), answers_ == answers_per_connection);
  return send_all(out.bytes) && !out.close;
}

}  // namespace stresskit::sandbox
