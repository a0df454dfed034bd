#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace stresskit::test {

/// An HTTP/1.1 server on a free loopback port that answers as a test tells it, down to how the
/// connection ends. A thread a connection; the handler is called by all of them, one at a time.
class ScriptedServer {
 public:
  struct Request {
    std::string method;
    std::string path;                            ///< without parameters
    std::map<std::string, std::string> query;    ///< percent-decoded
    std::map<std::string, std::string> headers;  ///< names in lower case
    std::string body{};
    int connection = 0;  ///< which connection it came over, from 1
  };

  enum class Ending {
    keep,           ///< the connection stays
    close,          ///< announced by "Connection: close"
    close_quietly,  ///< closed after the answer without a word
    cut,            ///< closed instead of an answer
    half,           ///< closed in the middle of the body
    stall,          ///< no answer; the connection stays until the client gives up
  };

  struct Reply {
    int status = 200;
    std::string body{};
    std::string type = "application/json";
    std::vector<std::string> headers{};  ///< "Retry-After: 3"
    Ending ending = Ending::keep;
  };

  using Handler = std::function<Reply(const Request&)>;

  explicit ScriptedServer(Handler handler);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  /// What has come in so far.
  [[nodiscard]] std::vector<Request> requests() const;
  /// How many of them are of this method and path.
  [[nodiscard]] std::size_t count(const std::string& method, const std::string& path) const;
  [[nodiscard]] int connections() const { return accepted_; }

 private:
  void accept_all();
  void serve(int socket, int connection);
  bool answer(int socket, const Request& request);

  Handler handler_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  std::atomic<int> accepted_ = 0;
  std::atomic<bool> ending_ = false;

  mutable std::mutex mutex_;
  // State below is guarded by mutex_.
  std::vector<Request> requests_;
  std::list<int> sockets_;
  std::list<std::jthread> threads_;

  std::mutex handler_mutex_;
  std::jthread acceptor_;
};

/// A port of this machine that nobody listens on.
[[nodiscard]] std::uint16_t closed_port();

}  // namespace stresskit::test
