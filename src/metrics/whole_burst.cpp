#include "metrics/whole_burst.hpp"

#include "stresskit/support/format.hpp"

#include <algorithm>

namespace stresskit::metrics {

namespace {

using namespace std::chrono_literals;
using support::to_ms;

template <class Choose>
void merge(std::optional<Mono::time_point>& into, const std::optional<Mono::time_point>& from,
           Choose choose) {
  if (from) {
    into = into ? choose(*into, *from) : *from;
  }
}

}  // namespace

WholeBurst whole_of(const std::vector<std::optional<BurstTally>>& parts) {
  const auto earliest = [](auto a, auto b) { return std::min(a, b); };
  const auto latest = [](auto a, auto b) { return std::max(a, b); };
  WholeBurst whole;
  for (const auto& part : parts) {
    if (!part) {
      continue;
    }
    whole.due = part->due;
    whole.counters += part->counters;
    whole.not_connected += part->not_connected;
    whole.missed = whole.missed || part->missed;
    merge(whole.released, part->first_write, latest);
    merge(whole.first_write, part->first_write, earliest);
    merge(whole.last_write, part->last_write, latest);
    merge(whole.last_acknowledged, part->last_acknowledged, latest);
  }
  return whole;
}

bool is_late(const WholeBurst& whole, Mono::duration interval) {
  const auto allowed = std::min<Mono::duration>(20ms, interval / 20);
  return whole.released && *whole.released - whole.due > allowed;
}

bool is_slow(const WholeBurst& whole, Mono::duration interval) {
  return whole.first_write && *whole.last_write - *whole.first_write > interval / 4;
}

bool is_behind(const WholeBurst& whole, Mono::duration interval, Mono::time_point now) {
  const bool came_late = whole.last_acknowledged && *whole.last_acknowledged - whole.due > interval;
  const std::uint64_t missing = whole.counters.in_flight() + whole.counters.unacknowledged();
  return came_late || (missing > 0 && now - whole.due > interval);
}

bool is_refused(const WholeBurst& whole) {
  return whole.counters.lost() + whole.counters.failed() + whole.not_connected > 0;
}

BurstRow row_of(const WholeBurst& whole, Mono::duration interval) {
  BurstRow row;
  row.counters = whole.counters;
  row.not_connected = whole.not_connected;
  row.missed = whole.missed;
  row.late = is_late(whole, interval);
  row.slow = is_slow(whole, interval);
  if (whole.first_write) {
    row.release_lateness_ms = to_ms(*whole.released - whole.due);
    row.spread_ms = to_ms(*whole.last_write - *whole.first_write);
  }
  return row;
}

}  // namespace stresskit::metrics
