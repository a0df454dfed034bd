#include "stresskit/metrics/burst_board.hpp"

#include "stresskit/support/format.hpp"

#include <algorithm>

namespace stresskit::metrics {

namespace {

using namespace std::chrono_literals;
using support::to_ms;

/// What all parts of a burst say together.
struct Whole {
  Mono::time_point due{};
  Counters counters;
  bool missed = false;
  // The slowest worker decides when the burst was released.
  std::optional<Mono::time_point> released;
  std::optional<Mono::time_point> first_write;
  std::optional<Mono::time_point> last_write;
  std::optional<Mono::time_point> last_acknowledged;
};

template <class Choose>
void merge(std::optional<Mono::time_point>& into, const std::optional<Mono::time_point>& from,
           Choose choose) {
  if (from) {
    into = into ? choose(*into, *from) : *from;
  }
}

Whole whole_of(const std::vector<std::optional<BurstTally>>& parts) {
  const auto earliest = [](auto a, auto b) { return std::min(a, b); };
  const auto latest = [](auto a, auto b) { return std::max(a, b); };
  Whole whole;
  for (const auto& part : parts) {
    if (!part) {
      continue;
    }
    whole.due = part->due;
    whole.counters += part->counters;
    whole.missed = whole.missed || part->missed;
    merge(whole.released, part->first_write, latest);
    merge(whole.first_write, part->first_write, earliest);
    merge(whole.last_write, part->last_write, latest);
    merge(whole.last_acknowledged, part->last_acknowledged, latest);
  }
  return whole;
}

/// Nearest rank of samples that are sorted.
double rank_ms(const std::vector<std::uint32_t>& sorted_us, std::size_t percent) {
  const std::size_t rank = (sorted_us.size() * percent + 99) / 100;
  return sorted_us[std::max<std::size_t>(rank, 1) - 1] / 1e3;
}

std::optional<ShortLadder> short_ladder(std::vector<std::uint32_t> us) {
  if (us.empty()) {
    return std::nullopt;
  }
  std::sort(us.begin(), us.end());
  return ShortLadder{rank_ms(us, 50), rank_ms(us, 99), us.back() / 1e3};
}

bool is_late(const Whole& whole, Mono::duration interval) {
  const auto allowed = std::min<Mono::duration>(20ms, interval / 20);
  return whole.released && *whole.released - whole.due > allowed;
}

bool is_slow(const Whole& whole, Mono::duration interval) {
  return whole.first_write && *whole.last_write - *whole.first_write > interval / 4;
}

}  // namespace

BurstBoard::BurstBoard(std::size_t workers, Mono::duration interval)
    : workers_(workers), interval_(interval) {}

void BurstBoard::absorb(std::size_t worker, const std::vector<BurstTally>& tallies,
                        const std::vector<AckSample>& acks) {
  for (const BurstTally& tally : tallies) {
    Burst& burst = open_[tally.k];
    burst.parts.resize(workers_);
    burst.parts[worker] = tally;
    due_count_ = std::max(due_count_, tally.k + 1);
  }
  for (const AckSample& ack : acks) {
    ack_from_due_.record_us(ack.from_due_us);
    ack_from_write_.record_us(ack.from_write_us);
    Burst& burst = open_[ack.k];
    burst.from_due_us.push_back(ack.from_due_us);
    burst.from_write_us.push_back(ack.from_write_us);
  }
  sweep();
}

bool BurstBoard::written(const Burst& burst) {
  return std::all_of(burst.parts.begin(), burst.parts.end(),
                     [](const auto& part) { return part.has_value(); });
}

bool BurstBoard::settled(const Burst& burst) {
  return written(burst) &&
         std::all_of(burst.parts.begin(), burst.parts.end(),
                     [](const auto& part) { return part->counters.in_flight() == 0; });
}

void BurstBoard::note(Burst& burst) {
  burst.noted = true;
  const Whole whole = whole_of(burst.parts);
  late_ += is_late(whole, interval_) ? 1U : 0U;
  slow_ += is_slow(whole, interval_) ? 1U : 0U;
  missed_ += whole.missed ? 1U : 0U;
  if (whole.first_write) {
    spread_.record(*whole.last_write - *whole.first_write);
    release_lateness_.record(*whole.released - whole.due);
  }
}

void BurstBoard::sweep() {
  for (auto it = open_.begin(); it != open_.end();) {
    Burst& burst = it->second;
    if (!burst.noted && written(burst)) {
      note(burst);
    }
    if (!settled(burst)) {
      ++it;
      continue;
    }
    settled_.push_back(row_of(it->first, burst));
    settled_totals_ += settled_.back().figures.counters;
    if (settled_.size() > rows_kept) {
      settled_.pop_front();
    }
    it = open_.erase(it);
  }
}

BurstBoard::Row BurstBoard::row_of(std::uint64_t k, const Burst& burst) const {
  const Whole whole = whole_of(burst.parts);
  Row row{whole.due, {}};
  row.figures.k = k;
  row.figures.counters = whole.counters;
  row.figures.missed = whole.missed;
  row.figures.late = is_late(whole, interval_);
  row.figures.slow = is_slow(whole, interval_);
  row.figures.from_due_ms = short_ladder(burst.from_due_us);
  row.figures.from_write_ms = short_ladder(burst.from_write_us);
  if (whole.first_write) {
    row.figures.release_lateness_ms = to_ms(*whole.released - whole.due);
    row.figures.spread_ms = to_ms(*whole.last_write - *whole.first_write);
  }
  if (settled(burst) && whole.last_acknowledged) {
    row.figures.ack_drain_ms = to_ms(*whole.last_acknowledged - whole.due);
  }
  return row;
}

std::vector<BurstRow> BurstBoard::rows(
    const std::function<double(Mono::time_point)>& unix_time) const {
  std::vector<Row> all(settled_.begin(), settled_.end());
  for (const auto& [k, burst] : open_) {
    all.push_back(row_of(k, burst));
  }
  std::sort(all.begin(), all.end(),
            [](const Row& a, const Row& b) { return a.figures.k < b.figures.k; });
  const std::size_t first = all.size() > rows_kept ? all.size() - rows_kept : 0;
  std::vector<BurstRow> rows;
  rows.reserve(all.size() - first);
  for (std::size_t i = first; i < all.size(); ++i) {
    rows.push_back(all[i].figures);
    rows.back().due = unix_time(all[i].due);
  }
  return rows;
}

Counters BurstBoard::totals() const {
  Counters totals = settled_totals_;
  for (const auto& [k, burst] : open_) {
    totals += whole_of(burst.parts).counters;
  }
  return totals;
}

}  // namespace stresskit::metrics
