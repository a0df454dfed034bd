#pragma once

#include "stresskit/mqtt/connections.hpp"
#include "stresskit/support/descriptor.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <sys/epoll.h>

namespace stresskit::mqtt::native {

/// What to be told about a socket.
enum Interest : std::uint8_t { nothing = 0, readable = 1, writable = 2 };

/// The set of sockets to wait for: one epoll instance, level-triggered, so that what is not taken
/// care of now is reported again.
class Poller {
 public:
  /// Throws support::Error(usage) when the machine gives no epoll instance.
  Poller();

  /// Closing the socket takes it out of the set. Returns 0 or errno.
  [[nodiscard]] int add(int socket, Slot slot, std::uint8_t interest);
  void change(int socket, Slot slot, std::uint8_t interest);

  /// Waits up to `timeout` (none if not positive) for a first portion of events; the slot is
  /// `data.u32`. Valid until the next call.
  [[nodiscard]] std::span<const epoll_event> wait(Mono::duration timeout);

 private:
  int wait_for(Mono::duration timeout);

  support::Descriptor epoll_;
  bool has_nanoseconds_ = true;
  std::array<epoll_event, 256> events_{};
};

}  // namespace stresskit::mqtt::native
