#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

struct pollfd;

namespace stresskit::test {

/// The network between a client and a server on 127.0.0.1, as bad as a test wants it: a TCP proxy
/// that delays, throttles, holds, cuts or resets what passes, in one direction or both.
///
/// Threads: every method may be called from any thread, and is carried out before it returns or
/// with the next byte.
class FaultyLink {
 public:
  enum class Direction { up, down };  ///< from the client to the server; back

  /// How bytes of one direction pass.
  struct Conduct {
    std::chrono::milliseconds delay{0};
    std::size_t bytes_per_second = 0;  ///< each connection; 0: no limit
    /// A black hole: nothing passes until this is off again. Nothing is lost, as TCP repeats it.
    bool hold = false;
  };

  /// Listens on a free port, and connects on to `server_port`. Throws std::runtime_error.
  explicit FaultyLink(std::uint16_t server_port);
  ~FaultyLink();
  FaultyLink(const FaultyLink&) = delete;
  FaultyLink& operator=(const FaultyLink&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

  void set(Direction direction, Conduct conduct);
  void set_both(Conduct conduct);
  /// Ends every connection, on both sides: in good order (FIN), or with a reset (RST).
  void cut() { end_all(false); }
  void reset() { end_all(true); }
  /// While it is on, connections are accepted and closed at once.
  void refuse(bool on);
  /// How many connections pass now.
  [[nodiscard]] std::size_t connections();

 private:
  struct Pipe;
  struct Pair;

  void serve();
  void accept_one();
  void turn_to(std::vector<pollfd>& wanted);
  void pass_on(const std::vector<pollfd>& answers);
  void end_all(bool with_reset);
  void wake() const;

  int listener_ = -1;
  std::array<int, 2> waker_{-1, -1};  ///< a pipe that ends a poll
  std::uint16_t port_ = 0;
  std::uint16_t server_port_ = 0;

  std::mutex mutex_;
  // guarded by mutex_
  bool stopping_ = false;
  bool refusing_ = false;
  std::array<Conduct, 2> conducts_;
  std::vector<std::unique_ptr<Pair>> pairs_;
  std::size_t times_ended_ = 0;  ///< by `cut` and `reset`

  std::jthread thread_;  // last: it ends before what it uses
};

}  // namespace stresskit::test
