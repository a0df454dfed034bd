#include "stresskit/preflight/machine.hpp"

#include "stresskit/support/error.hpp"
#include "stresskit/support/format.hpp"
#include "stresskit/support/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <string>
#include <sys/resource.h>
#include <system_error>
#include <thread>

namespace stresskit::preflight {

namespace {

using support::Error;
using support::ExitCode;

// Standard streams, lock, timeline, resolver and what a library opens for itself.
constexpr std::uint64_t other_files = 64;

// Ours and the kernel's for one quiet connection, rounded up (docs/performance.md): about 6 KB of
// it are the kernel's socket.
std::uint64_t bytes_a_connection(const config::Mqtt& settings) {
  if (settings.engine == "paho") {
    return settings.tls ? 80'000 : 24'000;
  }
  return settings.tls ? 48'000 : 8'000;
}

void require_open_files(std::uint64_t connections, std::uint64_t workers) {
  const rlim_t needed = connections + workers + other_files;  // an epoll instance a worker
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= needed) {
    return;
  }
  if (limit.rlim_max < needed) {
    throw Error(ExitCode::usage,
                fmt::format("{} need {} open files, but the hard limit here is {}: raise it "
                            "(LimitNOFILE= of a service, nofile in /etc/security/limits.conf, "
                            "ulimit -Hn as root) or run fewer devices with --device-count",
                            support::format_count(connections, "device"), needed, limit.rlim_max));
  }
  const rlimit raised{needed, limit.rlim_max};
  if (::setrlimit(RLIMIT_NOFILE, &raised) != 0) {
    throw Error(ExitCode::usage, fmt::format("cannot raise the limit of open files from {} to {}: "
                                             "{}; try ulimit -n {}",
                                             limit.rlim_cur, needed,
                                             std::generic_category().message(errno), needed));
  }
}

/// From how many of our addresses the server's first one can be reached.
std::uint64_t usable_addresses(const config::Mqtt& settings,
                               const std::vector<mqtt::Address>& server) {
  const auto local = mqtt::local_addresses(settings.local_addresses);
  const auto reachable = mqtt::reachable_from(local, server);
  if (local.empty() || reachable.empty()) {
    return 1;
  }
  return static_cast<std::uint64_t>(
      std::ranges::count(local, reachable.front().family(), &mqtt::Address::family));
}

void require_ports(std::uint64_t connections, std::uint64_t addresses) {
  std::ifstream range("/proc/sys/net/ipv4/ip_local_port_range");
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  if (!(range >> first >> last)) {
    return;  // not this kernel's way to say it; the connections will tell
  }
  const std::uint64_t ports = (last - first + 1) * addresses;
  if (connections > ports) {
    throw Error(
        ExitCode::usage,
        fmt::format("{} need as many local ports, but there are only {} to the server from {}: "
                    "widen the range (sysctl -w net.ipv4.ip_local_port_range=\"1024 65535\"), "
                    "connect from more addresses (MQTT_LOCAL_ADDRS) or run fewer devices with "
                    "--device-count",
                    support::format_count(connections, "device"), ports,
                    addresses == 1 ? "one address" : fmt::format("{} addresses", addresses)));
  }
}

void require_memory(std::uint64_t connections, std::uint64_t each) {
  std::ifstream info("/proc/meminfo");
  std::string key;
  std::uint64_t kilobytes = 0;
  std::string unit;
  while (info >> key >> kilobytes && std::getline(info, unit)) {
    if (key != "MemAvailable:") {
      continue;
    }
    const std::uint64_t needed = connections * each;
    if (needed > kilobytes * 1'024) {
      throw Error(
          ExitCode::usage,
          fmt::format("{} need about {} of memory ({} each), but only {} are available: run fewer "
                      "devices with --device-count",
                      support::format_count(connections, "device"), support::format_bytes(needed),
                      support::format_bytes(each), support::format_bytes(kilobytes * 1'024)));
    }
    return;
  }
}

}  // namespace

void require_capacity(std::uint64_t connections, const config::Mqtt& settings,
                      const std::vector<mqtt::Address>& server) {
  require_ports(connections, usable_addresses(settings, server));
  require_open_files(connections, std::max<std::uint64_t>(1, settings.workers));
  require_memory(connections, bytes_a_connection(settings));
  const unsigned processors = std::thread::hardware_concurrency();
  if (settings.workers > processors) {
    support::warn(
        "MQTT_WORKERS is {}, but this machine has {}: workers that wait for a processor "
        "release their part of a burst late",
        settings.workers, support::format_count(processors, "processor"));
  }
}

}  // namespace stresskit::preflight
