#include "support/faulty_link.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace stresskit::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto beat = 5ms;                      // how exact delays are
constexpr std::size_t most_waiting = 1U << 18;  // bytes of a direction that we hold ourselves

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

void end_socket(int descriptor, bool with_reset) {
  if (with_reset) {
    const linger at_once{1, 0};
    ::setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  ::close(descriptor);
}

bool would_block() {
  return errno == EAGAIN || errno == EINTR;
}

}  // namespace

/// One direction of a connection.
struct FaultyLink::Pipe {
  struct Chunk {
    Clock::time_point came;
    std::string bytes;
  };
  int from;
  int to;
  std::deque<Chunk> waiting = {};
  std::size_t bytes = 0;
  double allowance = 0;  ///< bytes that a throttle lets pass now
  Clock::time_point filled = Clock::now();
  bool ended = false;  ///< the sender has closed
  bool shut = false;   ///< and the receiver knows

  /// False when the connection broke.
  bool take_in() {
    char buffer[16'384];
    const ssize_t got = ::recv(from, buffer, sizeof buffer, 0);
    if (got < 0) return would_block();
    ended = got == 0;
    if (got > 0) {
      waiting.push_back({Clock::now(), std::string(buffer, static_cast<std::size_t>(got))});
      bytes += static_cast<std::size_t>(got);
    }
    return true;
  }

  /// Hands on what `conduct` lets pass. False when the connection broke.
  bool hand_on(const Conduct& conduct) {
    const auto now = Clock::now();
    const auto rate = static_cast<double>(conduct.bytes_per_second);
    allowance += rate * std::chrono::duration<double>(now - filled).count();
    allowance = std::min(allowance, rate / 10 + 1);
    filled = now;
    while (!conduct.hold && !waiting.empty() && waiting.front().came + conduct.delay <= now) {
      std::string& front = waiting.front().bytes;
      const std::size_t most =
          rate == 0 ? front.size() : std::min(front.size(), static_cast<std::size_t>(allowance));
      if (most == 0) return true;
      const ssize_t sent = ::send(to, front.data(), most, MSG_NOSIGNAL);
      if (sent < 0) return would_block();
      if (rate > 0) allowance -= static_cast<double>(sent);
      bytes -= static_cast<std::size_t>(sent);
      front.erase(0, static_cast<std::size_t>(sent));
      if (front.empty()) waiting.pop_front();
    }
    if (ended && waiting.empty() && !shut) {
      shut = true;
      ::shutdown(to, SHUT_WR);
    }
    return true;
  }
};

struct FaultyLink::Pair {
  Pair(int client_socket, int server_socket)
      : client(client_socket),
        server(server_socket),
        pipes{Pipe{client_socket, server_socket}, Pipe{server_socket, client_socket}} {}
  ~Pair() {
    end_socket(client, with_reset);
    end_socket(server, with_reset);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;

  int client;
  int server;
  bool with_reset = false;
  std::array<Pipe, 2> pipes;
};

FaultyLink::FaultyLink(std::uint16_t server_port) : server_port_(server_port) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 1'024) != 0 ||
      ::getsockname(listener_, generic, &size) != 0 ||
      ::pipe2(waker_.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
    throw std::runtime_error("cannot listen on 127.0.0.1");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this] { serve(); });
}

FaultyLink::~FaultyLink() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake();
  thread_.join();
  for (const int descriptor : {listener_, waker_[0], waker_[1]}) ::close(descriptor);
}

void FaultyLink::wake() const {
  [[maybe_unused]] const auto written = ::write(waker_[1], "", 1);
}

void FaultyLink::set(Direction direction, Conduct conduct) {
  const std::lock_guard lock(mutex_);
  conducts_[direction == Direction::up ? 0 : 1] = conduct;
  wake();
}

void FaultyLink::set_both(Conduct conduct) {
  set(Direction::up, conduct);
  set(Direction::down, conduct);
}

void FaultyLink::refuse(bool on) {
  const std::lock_guard lock(mutex_);
  refusing_ = on;
}

std::size_t FaultyLink::connections() {
  const std::lock_guard lock(mutex_);
  return pairs_.size();
}

void FaultyLink::end_all(bool with_reset) {
  const std::lock_guard lock(mutex_);
  for (const auto& pair : pairs_) pair->with_reset = with_reset;
  pairs_.clear();
  ++times_ended_;
  wake();
}

void FaultyLink::accept_one() {
  const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (client < 0) return;
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(server_port_);
  // On this machine a connect is made or refused at once.
  if (refusing_ || ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address)) {
    end_socket(client, true);
    end_socket(server, true);
    return;
  }
  ::fcntl(server, F_SETFL, O_NONBLOCK);
  const int on = 1;
  ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  pairs_.push_back(std::make_unique<Pair>(client, server));
}

/// What to poll for: the waker, the listener, and the two sides of each pair.
void FaultyLink::turn_to(std::vector<pollfd>& wanted) {
  // A black hole answers no SYN, either.
  const bool deaf = conducts_[0].hold || conducts_[1].hold;
  wanted.assign({{waker_[0], POLLIN, 0}, {listener_, static_cast<short>(deaf ? 0 : POLLIN), 0}});
  for (const auto& pair : pairs_) {
    for (const Pipe& pipe : pair->pipes) {
      const bool reads = !pipe.ended && pipe.bytes < most_waiting;
      wanted.push_back({reads ? pipe.from : -1, POLLIN, 0});
    }
  }
}

void FaultyLink::serve() {
  std::vector<pollfd> wanted;
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    turn_to(wanted);
    const std::size_t ended_before = times_ended_;
    const bool waiting = std::any_of(pairs_.begin(), pairs_.end(), [](const auto& pair) {
      return pair->pipes[0].bytes + pair->pipes[1].bytes > 0;
    });
    lock.unlock();
    ::poll(wanted.data(), wanted.size(), waiting ? static_cast<int>(beat / 1ms) : -1);
    lock.lock();
    char swallowed[64];
    while (::read(waker_[0], swallowed, sizeof swallowed) > 0) {
    }
    if (times_ended_ == ended_before) pass_on(wanted);
    if ((wanted[1].revents & POLLIN) != 0) accept_one();
  }
  pairs_.clear();
}

void FaultyLink::pass_on(const std::vector<pollfd>& wanted) {
  auto answer = wanted.begin() + 2;
  std::erase_if(pairs_, [&](const auto& pair) {
    bool alive = true;
    for (std::size_t i = 0; i < 2; ++i, ++answer) {
      Pipe& pipe = pair->pipes[i];
      alive = alive && (answer->revents == 0 || pipe.take_in()) && pipe.hand_on(conducts_[i]);
    }
    return !alive || (pair->pipes[0].shut && pair->pipes[1].shut);
  });
}

}  // namespace stresskit::test
