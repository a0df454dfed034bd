#pragma once

#include "stresskit/support/clock.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

namespace stresskit::dashboard {

/// The bytes of an answer, and whether the connection ends with it.
struct Reply {
  std::string bytes;
  bool close = false;
};

/// What one client may take.
struct Limits {
  std::size_t connections = 256;  ///< beyond it whoever has been there for longest gives way
  std::chrono::nanoseconds grace = std::chrono::milliseconds(100);  ///< but is left this long
  std::size_t head_bytes = 16'384;
  std::chrono::nanoseconds request = std::chrono::seconds(5);  ///< first byte to complete head
  std::chrono::nanoseconds idle = std::chrono::seconds(30);    ///< between two requests
  std::chrono::nanoseconds answer = std::chrono::seconds(20);  ///< taking the whole answer
};

/// Many connections in one thread, none of which can hold up another: heads are collected as they
/// drip in, answers leave as fast as the client takes them. Requests have no body here; one that
/// announces a body is answered and its connection closed.
///
/// `respond` is called with a complete head (up to and including the empty line).
void serve(int listener, const std::function<Reply(std::string_view head)>& respond,
           const Limits& limits, support::Clock& clock, std::stop_token stop);

}  // namespace stresskit::dashboard
