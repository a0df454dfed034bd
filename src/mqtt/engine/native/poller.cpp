#include "mqtt/engine/native/poller.hpp"

#include "stresskit/support/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace stresskit::mqtt::native {
namespace {

epoll_event event_for(Slot slot, std::uint8_t interest) {
  epoll_event event{};
  event.events = ((interest & readable) != 0 ? std::uint32_t{EPOLLIN} : 0U) |
                 ((interest & writable) != 0 ? std::uint32_t{EPOLLOUT} : 0U);
  event.data.u32 = slot;
  return event;
}

}  // namespace

Poller::Poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (!epoll_) {
    throw support::Error(support::ExitCode::usage,
                         fmt::format("cannot create an epoll instance: {}; raise the limit of open "
                                     "files (ulimit -n)",
                                     std::generic_category().message(errno)));
  }
}

int Poller::add(int socket, Slot slot, std::uint8_t interest) {
  epoll_event event = event_for(slot, interest);
  return ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, socket, &event) == 0 ? 0 : errno;
}

void Poller::change(int socket, Slot slot, std::uint8_t interest) {
  epoll_event event = event_for(slot, interest);
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, socket, &event);
}

std::span<const epoll_event> Poller::wait(Mono::duration timeout) {
  const int count = wait_for(std::max(timeout, Mono::duration::zero()));
  return {events_.data(), static_cast<std::size_t>(std::max(count, 0))};
}

int Poller::wait_for(Mono::duration timeout) {
  using namespace std::chrono;
  const auto capacity = static_cast<int>(events_.size());
  timeout = std::min<Mono::duration>(timeout, hours(1));
  if (has_nanoseconds_) {
    const timespec spec{duration_cast<seconds>(timeout).count(),
                        static_cast<long>((timeout % seconds(1)).count())};
    const int count = ::epoll_pwait2(epoll_.get(), events_.data(), capacity, &spec, nullptr);
    if (count >= 0 || errno == EINTR) {
      return count;
    }
    has_nanoseconds_ = false;  // a kernel before 5.11, or a sandbox that does not know the call
  }
  // Rounded down: who waits for a point in time comes back in a loop.
  return ::epoll_wait(epoll_.get(), events_.data(), capacity,
                      static_cast<int>(duration_cast<milliseconds>(timeout).count()));
}

}  // namespace stresskit::mqtt::native
