#include "sandbox/transport_link.hpp"

#include <cerrno>
#include <poll.h>
#include <sys/socket.h>

namespace stresskit::sandbox {
namespace {

/// Bytes already sent are cut off only now and then, so that a long backlog is not moved each time.
constexpr std::size_t compact_beyond = 1U << 20U;

}  // namespace

void TransportLink::flush() {
  while (!drained()) {
    const ssize_t count =
        ::send(descriptor_, out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      break;  // full, or gone: then `receive` tells
    }
    sent_ += static_cast<std::size_t>(count);
  }
  if (drained()) {
    out_.clear();
    sent_ = 0;
  } else if (sent_ > compact_beyond && sent_ > out_.size() / 2) {
    out_.erase(0, sent_);
    sent_ = 0;
  }
}

void TransportLink::drain(std::chrono::milliseconds limit) {
  const auto deadline = support::Mono::now() + limit;
  flush();
  while (!drained()) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - support::Mono::now());
    if (left.count() <= 0) {
      return;
    }
    pollfd writable{descriptor_, POLLOUT, 0};
    if (::poll(&writable, 1, static_cast<int>(left.count())) < 0 && errno != EINTR) {
      return;
    }
    if ((writable.revents & (POLLERR | POLLHUP)) != 0) {
      return;
    }
    flush();
  }
}

bool TransportLink::receive(const std::function<void(FrameBody)>& on_frame) {
  const ssize_t count = ::recv(descriptor_, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
  if (count == 0) {
    return false;
  }
  if (count < 0) {
    return errno == EAGAIN || errno == EINTR;
  }
  in_.feed({buffer_.data(), static_cast<std::size_t>(count)});
  while (const auto frame = in_.next()) {
    on_frame(*frame);
  }
  return true;
}

}  // namespace stresskit::sandbox
