#include "stresskit/mqtt/addresses.hpp"

#include "mqtt/look_up.hpp"

#include "stresskit/mqtt/classifier.hpp"
#include "stresskit/support/descriptor.hpp"
#include "stresskit/support/error.hpp"
#include "stresskit/support/format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <netdb.h>
#include <optional>
#include <thread>
#include <utility>

namespace stresskit::mqtt {
namespace {

using support::Error;
using support::ExitCode;

/// Where a look-up leaves its answer. Shared, because either side may outlive the other.
struct Answer {
  std::mutex mutex;
  std::condition_variable_any changed;
  // guarded by mutex
  std::optional<Found> found;
};

bool has_family(const std::vector<Address>& addresses, int family) {
  return std::ranges::find(addresses, family, &Address::family) != addresses.end();
}

std::string_view family_name(const Address& address) {
  return address.family() == AF_INET6 ? "IPv6" : "IPv4";
}

}  // namespace

const sockaddr* Address::get() const {
  return reinterpret_cast<const sockaddr*>(&storage);
}

Found look_up(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
  if (code != 0) {
    return {code, {}};
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(list, ::freeaddrinfo);
  Found found;
  for (const addrinfo* next = list; next != nullptr && found.addresses.size() < most_addresses;
       next = next->ai_next) {
    Address address;
    std::memcpy(&address.storage, next->ai_addr, next->ai_addrlen);
    address.size = next->ai_addrlen;
    found.addresses.push_back(address);
  }
  return found;
}

std::vector<Address> resolve_with(std::function<Found(const std::string&, std::uint16_t)> resolver,
                                  const config::Mqtt& settings, const std::stop_token& stop) {
  const auto answer = std::make_shared<Answer>();
  std::thread([answer, resolver = std::move(resolver), host = settings.host, port = settings.port] {
    Found found = resolver(host, port);
    const std::lock_guard lock(answer->mutex);
    answer->found = std::move(found);
    answer->changed.notify_all();
  }).detach();
  std::unique_lock lock(answer->mutex);
  const bool came = answer->changed.wait_for(lock, stop, settings.connect_timeout,
                                             [&] { return answer->found.has_value(); });
  if (!came && stop.stop_requested()) {
    return {};
  }
  if (!came || answer->found->code != 0) {
    const std::string why = came ? describe(Source::resolver, answer->found->code)
                                 : fmt::format("no answer within {:g} s",
                                               support::to_seconds(settings.connect_timeout));
    throw Error(ExitCode::unreachable,
                fmt::format("cannot resolve the MQTT host \"{}\": {}; check MQTT_HOST",
                            settings.host, why));
  }
  return std::move(answer->found->addresses);
}

std::vector<Address> resolve(const config::Mqtt& settings, std::stop_token stop) {
  return is_ip_address(settings.host) ? look_up(settings.host, settings.port).addresses
                                      : resolve_with(look_up, settings, stop);
}

std::vector<Address> local_addresses(const std::vector<std::string>& list) {
  const auto refuse = [](const std::string& text, std::string_view why) {
    throw Error(ExitCode::usage, fmt::format("MQTT_LOCAL_ADDRS: {}: {}", text, why));
  };
  std::vector<Address> addresses;
  for (const std::string& text : list) {
    if (!is_ip_address(text)) {
      refuse(text, "not an IP address");
    }
    const Address address = look_up(text, 0).addresses.front();
    const support::Descriptor probe(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!probe || ::bind(probe.get(), address.get(), address.size) != 0) {
      refuse(text, "not an address of this machine (see: ip addr)");
    }
    addresses.push_back(address);
  }
  return addresses;
}

std::vector<Address> reachable_from(const std::vector<Address>& local,
                                    std::vector<Address> server) {
  if (local.empty() || server.empty()) {
    return server;
  }
  const std::string_view theirs = family_name(server.front());
  std::erase_if(server, [&](const Address& one) { return !has_family(local, one.family()); });
  if (server.empty()) {
    throw Error(ExitCode::usage,
                fmt::format("MQTT_LOCAL_ADDRS: {} addresses cannot reach MQTT_HOST, which has {} "
                            "addresses only",
                            family_name(local.front()), theirs));
  }
  return server;
}

bool is_ip_address(const std::string& host) {
  in6_addr address{};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

}  // namespace stresskit::mqtt
