#include "sandbox/probe.hpp"

#include "stresskit/support/descriptor.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>

namespace stresskit::sandbox {
namespace {

// CONNECT of MQTT 3.1.1, clean session, no client id, no user name: refused, which is an answer.
constexpr std::string_view mqtt_connect{
    "\x10\x0c"
    "\x00\x04MQTT\x04\x02\x00\x3c\x00\x00",
    14};
constexpr std::string_view http_request = "GET /sandbox/state HTTP/1.1\r\nHost: x\r\n\r\n";

/// Sends `question` and waits for the first byte of an answer.
bool answers(const std::string& host, std::uint16_t port, std::string_view question,
             std::chrono::milliseconds deadline) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  inet_pton(AF_INET, host == "0.0.0.0" ? "127.0.0.1" : host.c_str(), &address.sin_addr);
  const support::Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto* to = reinterpret_cast<const sockaddr*>(&address);
  if (::connect(socket.get(), to, sizeof address) != 0 ||
      ::send(socket.get(), question.data(), question.size(), MSG_NOSIGNAL) <= 0) {
    return false;
  }
  pollfd waiting{socket.get(), POLLIN, 0};
  char first = 0;
  return ::poll(&waiting, 1, static_cast<int>(deadline.count())) > 0 &&
         ::recv(socket.get(), &first, 1, 0) == 1;
}

}  // namespace

bool mqtt_answers(const std::string& host, std::uint16_t port, std::chrono::milliseconds deadline) {
  return answers(host, port, mqtt_connect, deadline);
}

bool http_answers(const std::string& host, std::uint16_t port, std::chrono::milliseconds deadline) {
  return answers(host, port, http_request, deadline);
}

}  // namespace stresskit::sandbox
