#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace stresskit::sandbox {

/// A header a handler sets to have its answer cut: never sent, see `Outgoing`.
inline constexpr std::string_view cut_header = "X-Sandbox-Cut";
inline constexpr std::string_view cut_before = "before";  ///< the connection ends without an answer
inline constexpr std::string_view cut_half = "half";      ///< half the answer, then the end

/// What is put on the wire for one finished answer.
struct Outgoing {
  std::string bytes;
  bool close = false;  ///< the connection ends behind it
};

/// The platform's connection rules applied to an answer that httplib wrote: `Connection: close`
/// and the end after every 400, 413 and 500 and after the 100th answer, no `Keep-Alive` header;
/// and our own faults, which arrive as `cut_header`.
[[nodiscard]] Outgoing finish_answer(std::string answer, bool is_last);

/// One accepted connection: reads with a time-out, collects an answer and sends it in one piece
/// (httplib writes head and chunks apart, which delayed acknowledgements would make slow).
///
/// Threads: one.
class HttpConnection {
 public:
  static constexpr int answers_per_connection = 100;  // Tomcat's default
  static constexpr auto idle_timeout = std::chrono::seconds(60);

  explicit HttpConnection(int socket);
  ~HttpConnection();  ///< closes the socket, so that the last answer still arrives

  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  /// Waits for the next request; false when the client is gone or idle for too long.
  [[nodiscard]] bool wait_for_request();
  [[nodiscard]] std::ptrdiff_t read(char* into, std::size_t most);
  void write(std::string_view bytes) { answer_.append(bytes); }

  /// Sends the collected answer; false when the connection ends here.
  [[nodiscard]] bool finish();

  [[nodiscard]] int socket() const { return socket_; }

 private:
  [[nodiscard]] bool fill(std::chrono::milliseconds timeout);
  [[nodiscard]] bool send_all(std::string_view bytes) const;

  int socket_;
  std::string unread_;
  std::size_t read_to_ = 0;
  std::string answer_;
  int answers_ = 0;
};

}  // namespace stresskit::sandbox
