#include "client/usage.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace bench {

double cpu_seconds(__rusage_who_t who) {
  rusage usage{};
  ::getrusage(who, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double anonymous_bytes() {
  std::ifstream status("/proc/self/status");
  std::string key;
  double kilobytes = 0;
  while (status >> key) {
    if (key == "RssAnon:" && status >> kilobytes) {
      return kilobytes * 1'024;
    }
  }
  return 0;
}

std::uint64_t open_descriptors() {
  const auto entries = std::filesystem::directory_iterator("/proc/self/fd");
  // One of them is the listing's own.
  return static_cast<std::uint64_t>(std::distance(begin(entries), end(entries))) - 1;
}

}  // namespace bench
