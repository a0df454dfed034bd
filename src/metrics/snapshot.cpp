#include "stresskit/metrics/snapshot.hpp"

#include "stresskit/support/format.hpp"

namespace stresskit::metrics {

Ladder ladder(const Histogram& histogram) {
  const auto at = [&](double fraction) { return support::to_ms(histogram.percentile(fraction)); };
  return {histogram.count(), at(0.5),  at(0.75),  at(0.9),
          at(0.95),          at(0.99), at(0.999), support::to_ms(histogram.max())};
}

BucketRow bucket_row(const Histogram& histogram) {
  BucketRow row;
  row.le_ms = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1'000, 2'000, 5'000, 10'000, 30'000, 60'000};
  for (const double le : row.le_ms) {
    row.counts.push_back(histogram.count_up_to(support::from_seconds(le / 1e3)));
  }
  row.count = histogram.count();
  row.sum_ms = histogram.sum_us() / 1e3;
  return row;
}

std::uint64_t delivered(const Counters& counters, int qos) {
  return qos == 0 ? counters.sent() : counters.acknowledged();
}

double acknowledged_ratio(const Snapshot& snapshot) {
  const Counters& totals = snapshot.totals;
  if (totals.planned() == 0) {
    return 0;
  }
  return static_cast<double>(delivered(totals, snapshot.qos)) /
         static_cast<double>(totals.planned());
}

std::string_view to_string(Status status) {
  switch (status) {
    case Status::idle:
      return "idle";
    case Status::running:
      return "running";
    case Status::stopping:
      return "stopping";
    case Status::stopped:
      return "stopped";
  }
  return "unknown";
}

std::string_view to_string(Phase phase) {
  switch (phase) {
    case Phase::none:
      return "";
    case Phase::connecting:
      return "connecting";
    case Phase::bursting:
      return "bursting";
    case Phase::draining:
      return "draining";
  }
  return "unknown";
}

std::string_view to_string(DeviceState state) {
  switch (state) {
    case DeviceState::connecting:
      return "connecting";
    case DeviceState::connected:
      return "connected";
    case DeviceState::disconnected:
      return "disconnected";
    case DeviceState::failed:
      return "failed";
  }
  return "unknown";
}

std::string_view to_string(VerdictKind kind) {
  switch (kind) {
    case VerdictKind::nothing:
      return "nothing";
    case VerdictKind::not_stored:
      return "not_stored";
    case VerdictKind::generator:
      return "generator";
    case VerdictKind::collapsed:
      return "collapsed";
    case VerdictKind::refused:
      return "refused";
    case VerdictKind::behind:
      return "behind";
    case VerdictKind::unanswered:
      return "unanswered";
    case VerdictKind::kept_up:
      return "kept_up";
  }
  return "unknown";
}

std::string_view to_string(ThresholdRow::State state) {
  switch (state) {
    case ThresholdRow::State::passed:
      return "passed";
    case ThresholdRow::State::crossed:
      return "crossed";
    case ThresholdRow::State::no_data:
      return "no data";
  }
  return "unknown";
}

std::string_view to_string(Side side) {
  switch (side) {
    case Side::none:
      return "none";
    case Side::unknown:
      return "unknown";
    case Side::generator:
      return "generator";
    case Side::connection:
      return "connection";
    case Side::transport:
      return "transport";
    case Side::queue:
      return "queue";
    case Side::rule_engine:
      return "rule_engine";
    case Side::database:
      return "database";
  }
  return "unknown";
}

}  // namespace stresskit::metrics
