#include "contract/mqtt_client.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace stresskit::contract {
namespace {

/// Length of the whole packet at the front; 0 while that is not known yet.
std::size_t packet_length(std::string_view bytes) {
  std::size_t length = 0;
  for (std::size_t i = 1; i < bytes.size() && i <= 4; ++i) {
    const auto byte = static_cast<std::uint8_t>(bytes[i]);
    length |= static_cast<std::size_t>(byte & 0x7FU) << (7 * (i - 1));
    if ((byte & 0x80U) == 0) {
      return 1 + i + length;
    }
  }
  return 0;
}

}  // namespace

MqttClient::MqttClient(std::uint16_t port)
    : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (::connect(descriptor_, generic, sizeof address) != 0) {
    ::close(descriptor_);
    throw std::runtime_error("cannot connect to the transport on port " + std::to_string(port));
  }
}

MqttClient::~MqttClient() {
  ::close(descriptor_);
}

bool MqttClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

MqttClient::Arrival MqttClient::read_some(std::chrono::milliseconds patience_left) {
  pollfd readable{descriptor_, POLLIN, 0};
  if (::poll(&readable, 1, static_cast<int>(patience_left.count())) <= 0) {
    return Arrival::nothing;
  }
  std::array<char, 4'096> buffer{};
  const ssize_t count = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
  if (count < 0) {
    return Arrival::reset;
  }
  if (count == 0) {
    return Arrival::end;
  }
  input_.append(buffer.data(), static_cast<std::size_t>(count));
  return Arrival::bytes;
}

std::optional<std::string> MqttClient::receive() {
  while (true) {
    const std::size_t length = packet_length(input_);
    if (length > 0 && input_.size() >= length) {
      std::string packet = input_.substr(0, length);
      input_.erase(0, length);
      return packet;
    }
    switch (read_some(patience)) {
      case Arrival::bytes:
        break;
      case Arrival::nothing:
        return std::nullopt;
      case Arrival::end:
      case Arrival::reset:
        return std::string();
    }
  }
}

bool MqttClient::closed_by_fin() {
  return input_.empty() && read_some(patience) == Arrival::end;
}

bool MqttClient::quiet_for(std::chrono::milliseconds time) {
  return input_.empty() && read_some(time) == Arrival::nothing;
}

}  // namespace stresskit::contract
