#include "stresskit/verification/freshness_watch.hpp"

#include "stresskit/support/format.hpp"

#include <algorithm>
#include <utility>

namespace stresskit::verification {

namespace {

constexpr std::size_t bursts_for_growth = 20;
constexpr std::size_t fewest_for_growth = 3;
// A day of bursts a second; a snapshot shows the last 120 only.
constexpr std::size_t most_drains = 100'000;

}  // namespace

FreshnessWatch::FreshnessWatch(std::size_t probes, double interval_s)
    : interval_s_(interval_s), newest_(probes) {
  figures_.devices = probes;
}

void FreshnessWatch::note(const Newest& newest) {
  const double age = std::max(0.0, newest.seen - newest.due);
  ages_.record(support::from_seconds(age));
  if (!newest.k) {
    return;
  }
  note_lateness(newest);
  newest_[newest.probe] = newest;
  // No number is less than any; the slowest probe tells what all of them have.
  const Newest& slowest = *std::min_element(
      newest_.begin(), newest_.end(), [](const Newest& a, const Newest& b) { return a.k < b.k; });
  if (!slowest.k || (figures_.stored_k && *slowest.k <= *figures_.stored_k)) {
    return;
  }
  figures_.stored_k = slowest.k;
  figures_.drain_s = std::max(0.0, newest.seen - slowest.due);
  drains_ms_[*slowest.k] = figures_.drain_s * 1e3;
  last_.push_back({static_cast<double>(*slowest.k), figures_.drain_s});
  if (last_.size() > bursts_for_growth) {
    last_.pop_front();
  }
  if (drains_ms_.size() > most_drains) {
    drains_ms_.erase(drains_ms_.begin());
  }
}

/// When the question before went out, the message was not stored yet: so late it was at least.
void FreshnessWatch::note_lateness(const Newest& newest) {
  const Newest& before = newest_[newest.probe];
  const bool came_since = before.k && *before.k < *newest.k;
  if (came_since && before.asked - newest.due > 2 * interval_s_ + 1) {
    figures_.late_from = std::min(figures_.late_from.value_or(*newest.k), *newest.k);
  }
}

void FreshnessWatch::note_failure(std::string why) {
  ++figures_.failed_polls;
  figures_.trouble = std::move(why);
}

metrics::Freshness FreshnessWatch::figures() const {
  metrics::Freshness out = figures_;
  out.age = metrics::ladder(ages_);
  out.growth_s_a_burst = growth();
  return out;
}

/// The slope of a straight line through the last drains (least squares).
double FreshnessWatch::growth() const {
  if (last_.size() < fewest_for_growth) {
    return 0;
  }
  const auto n = static_cast<double>(last_.size());
  double k_sum = 0;
  double s_sum = 0;
  for (const Drain& drain : last_) {
    k_sum += drain.k;
    s_sum += drain.seconds;
  }
  double covariance = 0;
  double variance = 0;
  for (const Drain& drain : last_) {
    covariance += (drain.k - k_sum / n) * (drain.seconds - s_sum / n);
    variance += (drain.k - k_sum / n) * (drain.k - k_sum / n);
  }
  return variance > 0 ? covariance / variance : 0;
}

}  // namespace stresskit::verification
