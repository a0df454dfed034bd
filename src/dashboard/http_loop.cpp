#include "dashboard/http_loop.hpp"

#include "dashboard/protection.hpp"

#include "stresskit/support/descriptor.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <list>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace stresskit::dashboard {
namespace {

using support::Mono;

constexpr std::string_view end_of_head = "\r\n\r\n";

struct Client {
  int descriptor;
  Mono::time_point deadline;  ///< of what it is doing now
  Mono::time_point since;     ///< when it was accepted, or last answered
  std::string in;
  std::string out;
  std::size_t sent = 0;
  bool close_after = false;

  [[nodiscard]] bool writing() const { return sent < out.size(); }
};

/// Wakes `poll` when a stop is requested.
class Waker {
 public:
  [[nodiscard]] int descriptor() const { return event_.get(); }
  void wake() const {
    const std::uint64_t one = 1;
    // It cannot fail but by being awake already.
    (void)!::write(event_.get(), &one, sizeof one);
  }

 private:
  support::Descriptor event_{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
};

class Loop {
 public:
  Loop(int listener, const std::function<Reply(std::string_view)>& respond, const Limits& limits,
       support::Clock& clock)
      : listener_(listener), respond_(respond), limits_(limits), clock_(clock) {}

  ~Loop() {
    for (const Client& client : clients_) {
      ::close(client.descriptor);
    }
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void run(const std::stop_token& stop) {
    const Waker waker;
    const std::stop_callback on_stop(stop, [&waker] { waker.wake(); });
    while (!stop.stop_requested()) {
      wait(waker.descriptor());
      now_ = clock_.now();
      visit_clients();
      if ((polled_[1].revents & POLLIN) != 0) {
        accept_all();
      }
    }
  }

 private:
  void wait(int waker) {
    now_ = clock_.now();
    const auto room = room_from();
    const bool has_room = room <= now_;
    polled_.assign({{waker, POLLIN, 0}, {listener_, static_cast<short>(has_room ? POLLIN : 0), 0}});
    auto soonest = has_room ? now_ + std::chrono::seconds(60) : room;
    for (const Client& client : clients_) {
      const bool writing = client.writing();
      polled_.push_back({client.descriptor, static_cast<short>(writing ? POLLOUT : POLLIN), 0});
      soonest = std::min(soonest, client.deadline);
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(soonest - now_).count();
    // An interrupted or failed poll leaves no events; deadlines are looked at all the same.
    if (::poll(polled_.data(), polled_.size(), static_cast<int>(std::max<long>(left, 0))) < 0) {
      std::for_each(polled_.begin(), polled_.end(), [](pollfd& each) { each.revents = 0; });
    }
  }

  void visit_clients() {
    std::size_t at = 2;
    for (auto client = clients_.begin(); client != clients_.end(); ++at) {
      const bool alive = (polled_[at].revents == 0 || advance(*client)) && now_ < client->deadline;
      client = alive ? std::next(client) : drop(client);
    }
  }

  /// Does what the client's socket allows just now; false: the connection is over.
  bool advance(Client& client) { return client.writing() ? send_some(client) : read_some(client); }

  bool read_some(Client& client) {
    std::array<char, 4096> portion{};
    const ssize_t got = ::recv(client.descriptor, portion.data(), portion.size(), 0);
    if (got <= 0) {
      return got < 0 && (errno == EAGAIN || errno == EINTR);
    }
    if (client.in.empty()) {
      client.deadline = now_ + limits_.request;
    }
    client.in.append(portion.data(), static_cast<std::size_t>(got));
    return answer_next(client);
  }

  /// Answers the first complete head that has arrived, if any.
  bool answer_next(Client& client) {
    const std::size_t end = client.in.find(end_of_head);
    if (end == std::string::npos && client.in.size() <= limits_.head_bytes) {
      return true;
    }
    if (end == std::string::npos || end > limits_.head_bytes) {
      client.out = refusal("431 Request Header Fields Too Large");
      client.close_after = true;
    } else {
      const std::size_t size = end + end_of_head.size();
      Reply reply = respond_(std::string_view(client.in).substr(0, size));
      client.in.erase(0, size);
      client.out = std::move(reply.bytes);
      client.close_after = reply.close;
    }
    client.sent = 0;
    client.deadline = now_ + limits_.answer;
    return send_some(client);
  }

  bool send_some(Client& client) {
    while (client.writing()) {
      const ssize_t put = ::send(client.descriptor, client.out.data() + client.sent,
                                 client.out.size() - client.sent, MSG_NOSIGNAL);
      if (put < 0) {
        return errno == EAGAIN || errno == EINTR;
      }
      client.sent += static_cast<std::size_t>(put);
    }
    client.out = {};
    client.sent = 0;
    if (client.close_after) {
      finish(client);
      return false;
    }
    client.since = now_;
    client.deadline = now_ + (client.in.empty() ? limits_.idle : limits_.request);
    return client.in.empty() || answer_next(client);  // a client may send the next one early
  }

  /// Takes what has arrived unread, so that closing does not cut the answer off with a reset.
  static void finish(const Client& client) {
    (void)::shutdown(client.descriptor, SHUT_WR);
    std::array<char, 4096> rest{};
    for (int portions = 0; portions < 16; ++portions) {
      if (::recv(client.descriptor, rest.data(), rest.size(), 0) <= 0) {
        return;
      }
    }
  }

  void accept_all() {
    // Bounded, so that a flood of connections does not keep those who are being served waiting.
    for (int accepted = 0; accepted < 64 && room_from() <= now_; ++accepted) {
      const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (descriptor < 0) {
        const bool full = errno == EMFILE || errno == ENFILE;
        if (full && !clients_.empty()) {
          drop(most_patient());
          continue;
        }
        return;
      }
      const int on = 1;
      (void)::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      if (clients_.size() >= limits_.connections) {
        drop(most_patient());
      }
      clients_.push_back({descriptor, now_ + limits_.request, now_, {}, {}});
    }
  }

  /// Who gives way to a newcomer: whoever has been here for longest without a request of which
  /// all has come; those who are being answered last of all. Bytes that drip do not help.
  [[nodiscard]] std::list<Client>::iterator most_patient() {
    return std::min_element(clients_.begin(), clients_.end(), [](const Client& a, const Client& b) {
      return std::pair(a.writing(), a.since) < std::pair(b.writing(), b.since);
    });
  }

  /// When a newcomer can be taken. Until then it waits with the kernel, so that a flood does not
  /// throw out an honest client before its request has been looked at.
  [[nodiscard]] Mono::time_point room_from() {
    return clients_.size() < limits_.connections ? Mono::time_point::min()
                                                 : most_patient()->since + limits_.grace;
  }

  std::list<Client>::iterator drop(std::list<Client>::iterator client) {
    ::close(client->descriptor);
    return clients_.erase(client);
  }

  int listener_;
  const std::function<Reply(std::string_view)>& respond_;
  Limits limits_;
  support::Clock& clock_;
  Mono::time_point now_{};
  std::list<Client> clients_;
  std::vector<pollfd> polled_;  ///< waker, listener, then the clients in their order
};

}  // namespace

void serve(int listener, const std::function<Reply(std::string_view head)>& respond,
           const Limits& limits, support::Clock& clock, std::stop_token stop) {
  Loop(listener, respond, limits, clock).run(stop);
}

}  // namespace stresskit::dashboard
