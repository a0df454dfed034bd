#include "mqtt/engine/native/addresses.hpp"

#include "stresskit/mqtt/classifier.hpp"
#include "stresskit/support/error.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <unistd.h>

namespace stresskit::mqtt::native {

const sockaddr* Address::get() const {
  return reinterpret_cast<const sockaddr*>(&storage);
}

std::vector<Address> resolve(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
  if (code != 0) {
    throw support::Error(support::ExitCode::unreachable,
                         fmt::format("cannot resolve the MQTT host \"{}\": {}; check MQTT_HOST",
                                     host, describe(Source::resolver, code)));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(list, ::freeaddrinfo);
  std::vector<Address> addresses;
  for (const addrinfo* found = list; found != nullptr && addresses.size() < most_addresses;
       found = found->ai_next) {
    Address address;
    std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
    address.size = found->ai_addrlen;
    addresses.push_back(address);
  }
  return addresses;
}

std::vector<Address> local_addresses(const std::vector<std::string>& list) {
  const auto refuse = [](const std::string& text, std::string_view why) {
    throw support::Error(support::ExitCode::usage,
                         fmt::format("MQTT_LOCAL_ADDRS: {}: {}", text, why));
  };
  std::vector<Address> addresses;
  for (const std::string& text : list) {
    if (!is_ip_address(text)) {
      refuse(text, "not an IP address");
    }
    const Address address = resolve(text, 0).front();
    const int probe = ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool ours = probe >= 0 && ::bind(probe, address.get(), address.size) == 0;
    ::close(probe);
    if (!ours) {
      refuse(text, "not an address of this machine (see: ip addr)");
    }
    addresses.push_back(address);
  }
  return addresses;
}

bool is_ip_address(const std::string& host) {
  in6_addr address{};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

}  // namespace stresskit::mqtt::native
