#include "stresskit/metrics/limits.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>

namespace stresskit::metrics {

using namespace std::chrono_literals;

namespace {

bool is_answer(const fleet::Failure& failure, fleet::Bucket bucket) {
  return failure.stage == fleet::Stage::connect && failure.bucket == bucket &&
         failure.detail.starts_with("CONNACK");
}

/// An attempt that reached the server and was ended by it; other failures of the network are on the
/// way there. A plain end has no number. Paho gives one number to all of them, and tells them apart
/// in its words alone.
bool is_closed_by_server(const fleet::Failure& failure) {
  const std::int64_t code = failure.code.value_or(0);
  return code == 0 || code == ECONNRESET || code == EPIPE ||
         failure.detail.ends_with("socket error");
}

/// The server said goodbye on a connection that was well: no reset, no time-out, nothing open.
bool in_good_order(const StateChange& change, const fleet::Failure* failure) {
  return !change.cut_off && failure != nullptr && failure->bucket == fleet::Bucket::network &&
         failure->code.value_or(0) != ECONNRESET && failure->code.value_or(0) != EPIPE;
}

}  // namespace

void LimitWatch::note(std::size_t device, const StateChange& change, DeviceState before,
                      const fleet::Failure* failure) {
  if (change.state == DeviceState::connected) {
    ++accepted_;
    seen_.most_connected = std::max(seen_.most_connected, ++connected_);
  } else if (before == DeviceState::connected) {
    --connected_;
    note_closing(device, change, failure);
  } else if (failure != nullptr && !seen_.accepted_before_unavailable &&
             is_answer(*failure, fleet::Bucket::broker)) {
    seen_.accepted_before_unavailable = accepted_;
  }
}

void LimitWatch::note_closing(std::size_t device, const StateChange& change,
                              const fleet::Failure* failure) {
  ++seen_.closings;
  if (in_good_order(change, failure)) {
    closed_in_order_.resize(std::max(closed_in_order_.size(), device + 1));
    seen_.closed_again += ++closed_in_order_[device] == 2 ? 1U : 0U;
  }
  ++seen_.closed_after[change.messages];
  seen_.cut_off += change.cut_off ? 1 : 0;
  if (change.at - second_began_ > 1s) {
    second_began_ = change.at;
    in_this_second_ = 0;
  }
  seen_.most_at_once = std::max(seen_.most_at_once, ++in_this_second_);
}

LimitEvidence LimitWatch::evidence(const std::vector<FailureCount>& failures) const {
  LimitEvidence out = seen_;
  for (const auto& [failure, count] : failures) {
    if (failure.stage != fleet::Stage::connect) {
      out.taken_over += failure.bucket == fleet::Bucket::client_id ? count : std::uint64_t{0};
      continue;
    }
    if (is_answer(failure, fleet::Bucket::broker)) {
      out.refused_unavailable += count;
    } else if (is_answer(failure, fleet::Bucket::auth)) {
      out.refused_unknown += count;
    } else if (failure.code == ECONNREFUSED) {
      out.refused_tcp += count;
    } else if (failure.bucket == fleet::Bucket::network) {
      (is_closed_by_server(failure) ? out.closed_unanswered : out.unreachable) += count;
    }
  }
  return out;
}

}  // namespace stresskit::metrics
