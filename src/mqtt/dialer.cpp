#include "stresskit/mqtt/dialer.hpp"

#include <algorithm>

namespace stresskit::mqtt {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// An owner that was busy may make up for that much of the rate at once, so that the rate is kept
// on average and a long pause does not end in a flood.
constexpr milliseconds catch_up{100};

bool is_final(const fleet::Failure& failure) {
  return failure.bucket == fleet::Bucket::auth || failure.bucket == fleet::Bucket::client_id;
}

nanoseconds spacing(double rate) {
  return std::chrono::duration_cast<nanoseconds>(std::chrono::duration<double>(1 / rate));
}

}  // namespace

Dialer::Dialer(Slot count, const Options& options, Mono::time_point start)
    : options_(options),
      backoff_(options.first_delay, options.most_delay),
      random_(options.seed),
      devices_(count),
      gate_(start),
      untried_(count) {}

std::optional<Slot> Dialer::next(Mono::time_point now) {
  forget_old_attempts(now);
  if (pending_ >= options_.most_pending || gate_ > now) {
    return std::nullopt;
  }
  const std::optional<Slot> slot = take_due(now);
  if (slot) {
    begin_attempt(*slot, now);
    if (options_.rate > 0) {
      gate_ = std::max<Mono::time_point>(gate_, now - catch_up) + spacing(options_.rate);
    }
  }
  return slot;
}

// The first round goes first: a few that come back again and again must not keep others out.
std::optional<Slot> Dialer::take_due(Mono::time_point now) {
  if (first_round_ < devices_.size()) {
    return first_round_++;
  }
  if (redials_.empty() || redials_.top().due > now) {
    return std::nullopt;
  }
  const Slot slot = redials_.top().slot;
  redials_.pop();
  return slot;
}

Mono::time_point Dialer::wake() const {
  if (pending_ >= options_.most_pending) {
    return recent_.front().began + options_.pending_for;
  }
  if (first_round_ < devices_.size()) {
    return gate_;
  }
  return redials_.empty() ? Mono::time_point::max() : std::max(gate_, redials_.top().due);
}

void Dialer::connected(Slot slot, Mono::time_point now) {
  end_attempt(slot);
  devices_[slot].connected_at = now;
}

void Dialer::refused(Slot slot, const fleet::Failure& failure, Mono::time_point now) {
  end_attempt(slot);
  redial(slot, failure, now);
}

void Dialer::lost(Slot slot, const fleet::Failure& failure, Mono::time_point now) {
  Device& device = devices_[slot];
  if (now - device.connected_at >= options_.settled_after) {
    device.failures = 0;
  }
  redial(slot, failure, now);
}

void Dialer::begin_attempt(Slot slot, Mono::time_point now) {
  Device& device = devices_[slot];
  device.pending = true;
  ++pending_;
  recent_.push_back({now, slot, ++device.attempts});
}

void Dialer::no_longer_pending(Slot slot) {
  if (devices_[slot].pending) {
    devices_[slot].pending = false;
    --pending_;
  }
}

void Dialer::forget_old_attempts(Mono::time_point now) {
  while (!recent_.empty()) {
    const Attempt& oldest = recent_.front();
    const Device& device = devices_[oldest.slot];
    const bool under_way = device.pending && device.attempts == oldest.number;
    if (under_way && oldest.began + options_.pending_for > now) {
      return;
    }
    if (under_way) {
      no_longer_pending(oldest.slot);
    }
    recent_.pop_front();
  }
}

void Dialer::end_attempt(Slot slot) {
  no_longer_pending(slot);
  if (!devices_[slot].tried) {
    devices_[slot].tried = true;
    --untried_;
  }
}

void Dialer::redial(Slot slot, const fleet::Failure& failure, Mono::time_point now) {
  if (options_.reconnect && !is_final(failure)) {
    redials_.push({now + backoff_.delay(devices_[slot].failures++, random_), slot});
  }
}

}  // namespace stresskit::mqtt
