#include "stresskit/preflight/machine.hpp"

#include "stresskit/support/error.hpp"
#include "stresskit/support/format.hpp"
#include "stresskit/support/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <sys/resource.h>
#include <thread>

namespace stresskit::preflight {

namespace {

using support::Error;
using support::ExitCode;

// Standard streams, lock, timeline, epoll, resolver and what a library opens for itself.
constexpr std::uint64_t other_files = 64;

// Ours and the kernel's for one quiet TCP connection: 2 KB of device, about 6 KB of socket.
constexpr std::uint64_t bytes_a_connection = 8'192;

void require_open_files(std::uint64_t connections) {
  const rlim_t needed = connections + other_files;
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
  limit.rlim_cur = needed;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    throw Error(ExitCode::usage,
                fmt::format("cannot raise the limit of open files to {}: it is {}; "
                            "try ulimit -n {}",
                            needed, limit.rlim_cur, needed));
  }
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
        fmt::format("{} need as many local ports, but there are only {}: widen them (sysctl "
                    "-w net.ipv4.ip_local_port_range=\"1024 65535\"), connect from more "
                    "addresses (MQTT_LOCAL_ADDRS) or run fewer devices with --device-count",
                    support::format_count(connections, "device"), ports));
  }
}

void require_memory(std::uint64_t connections) {
  std::ifstream info("/proc/meminfo");
  std::string key;
  std::uint64_t kilobytes = 0;
  std::string unit;
  while (info >> key >> kilobytes && std::getline(info, unit)) {
    if (key != "MemAvailable:") {
      continue;
    }
    const std::uint64_t needed = connections * bytes_a_connection;
    if (needed > kilobytes * 1'024) {
      throw Error(
          ExitCode::usage,
          fmt::format("{} need about {} of memory, but only {} are available: run fewer "
                      "devices with --device-count",
                      support::format_count(connections, "device"), support::format_bytes(needed),
                      support::format_bytes(kilobytes * 1'024)));
    }
    return;
  }
}

}  // namespace

void require_capacity(std::uint64_t connections, const config::Mqtt& settings) {
  require_open_files(connections);
  require_ports(connections, std::max<std::size_t>(1, settings.local_addresses.size()));
  require_memory(connections);
  const unsigned processors = std::thread::hardware_concurrency();
  if (settings.workers > processors) {
    support::warn(
        "MQTT_WORKERS is {}, but this machine has {}: workers that wait for a processor "
        "release their part of a burst late",
        settings.workers, support::format_count(processors, "processor"));
  }
}

}  // namespace stresskit::preflight
