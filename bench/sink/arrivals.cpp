#include "sink/arrivals.hpp"

#include <algorithm>
#include <ctime>
#include <map>

namespace bench {

Nanoseconds monotonic_now() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

void Arrivals::print_bursts(std::FILE* to) const {
  struct Burst {
    std::size_t messages = 0;
    Nanoseconds first = INT64_MAX;
    Nanoseconds last = 0;
  };
  std::map<std::uint32_t, Burst> bursts;
  for (const Arrival& arrival : all_) {
    Burst& burst = bursts[arrival.burst];
    ++burst.messages;
    burst.first = std::min(burst.first, arrival.arrived);
    burst.last = std::max(burst.last, arrival.arrived);
  }
  for (const auto& [number, burst] : bursts) {
    std::fprintf(to,
                 "{\"burst\": %u, \"messages\": %zu, \"first_ns\": %lld, \"last_ns\": %lld, "
                 "\"spread_ms\": %.3f}\n",
                 number, burst.messages, static_cast<long long>(burst.first),
                 static_cast<long long>(burst.last),
                 static_cast<double>(burst.last - burst.first) / 1e6);
  }
}

void Arrivals::print_samples(std::FILE* to) const {
  for (const Arrival& arrival : all_) {
    std::fprintf(to, "%u,%lld,%lld\n", arrival.burst, static_cast<long long>(arrival.arrived),
                 static_cast<long long>(arrival.answered));
  }
}

}  // namespace bench
