#include "stresskit/delivery/ledger.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

namespace stresskit::delivery {

using metrics::Outcome;

namespace {

std::uint32_t to_us(Mono::duration duration) {
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
  return static_cast<std::uint32_t>(
      std::clamp<std::int64_t>(us, 0, std::numeric_limits<std::uint32_t>::max()));
}

}  // namespace

Ledger::Ledger(std::size_t devices, bool acknowledged_delivery)
    : acknowledged_delivery_(acknowledged_delivery), devices_(devices), open_(devices) {}

void Ledger::begin_burst(std::uint64_t k, Mono::time_point due) {
  assert(bursts_.empty() || k == bursts_.back().tally.k + 1);
  OpenBurst burst;
  burst.tally.k = k;
  burst.tally.due = due;
  burst.outcomes.resize(devices_.size());
  bursts_.push_back(std::move(burst));
}

template <class Transition>
void Ledger::move(Slot slot, OpenBurst& burst, Transition transition) {
  transition(devices_[slot].counters);
  transition(burst.tally.counters);
  burst.changed = true;
}

void Ledger::skip_not_connected(Slot slot) {
  move(slot, bursts_.back(), [](auto& counters) { counters.skip(); });
  ++bursts_.back().tally.not_connected;
}

void Ledger::skip(Slot slot, const fleet::Failure& why, Mono::time_point at) {
  move(slot, bursts_.back(), [](auto& counters) { counters.skip(); });
  note_failure(slot, why, at);
}

void Ledger::fail(Slot slot, const fleet::Failure& why, Mono::time_point at) {
  move(slot, bursts_.back(), [](auto& counters) { counters.fail(); });
  note_failure(slot, why, at);
}

void Ledger::sent(Slot slot, MessageId id, std::size_t payload_bytes, Mono::time_point at) {
  OpenBurst& burst = bursts_.back();
  if (acknowledged_delivery_) {
    move(slot, burst, [](auto& counters) { counters.send(); });
    open_[slot].push_back({id, static_cast<std::uint32_t>(burst.tally.k), at});
    ++in_flight_;
  } else {
    move(slot, burst, [](auto& counters) { counters.send_without_acknowledgement(); });
    burst.outcomes[slot] = Outcome::acknowledged;
  }
  payload_bytes_ += payload_bytes;
  if (!burst.tally.first_write) {
    burst.tally.first_write = at;
  }
  burst.tally.last_write = at;
}

void Ledger::mark_missed() {
  bursts_.back().tally.missed = true;
}

Ledger::OpenBurst& Ledger::burst_of(std::uint64_t k) {
  return bursts_[static_cast<std::size_t>(k - bursts_.front().tally.k)];
}

std::optional<Ledger::OpenMessage> Ledger::take(Slot slot, MessageId id) {
  auto& open = open_[slot];
  const auto it = std::find_if(open.begin(), open.end(),
                               [id](const OpenMessage& message) { return message.id == id; });
  if (it == open.end()) {
    return std::nullopt;
  }
  const OpenMessage message = *it;
  open.erase(it);
  --in_flight_;
  return message;
}

void Ledger::acknowledged(Slot slot, MessageId id, Mono::time_point at) {
  const auto message = take(slot, id);
  if (!message) {
    return;  // a PUBACK for nothing that is open: the server's mistake, counted nowhere
  }
  OpenBurst& burst = burst_of(message->k);
  move(slot, burst, [](auto& counters) { counters.acknowledge(); });
  burst.outcomes[slot] = Outcome::acknowledged;
  burst.tally.last_acknowledged = at;
  devices_[slot].acknowledged_at = at;
  acks_.push_back({message->k, to_us(at - burst.tally.due), to_us(at - message->written)});
}

void Ledger::rejected(Slot slot, MessageId id, const fleet::Failure& why, Mono::time_point at) {
  const auto message = take(slot, id);
  if (!message) {
    return;
  }
  OpenBurst& burst = burst_of(message->k);
  move(slot, burst, [](auto& counters) { counters.lose(); });
  burst.outcomes[slot] = Outcome::lost;
  note_failure(slot, why, at);
}

template <class Transition>
void Ledger::end_all(Slot slot, std::optional<MessageId> unfinished, Outcome outcome,
                     Transition transition) {
  for (const OpenMessage& message : open_[slot]) {
    OpenBurst& burst = burst_of(message.k);
    if (message.id == unfinished) {
      move(slot, burst, [](auto& counters) { counters.retract(); });
    } else {
      move(slot, burst, transition);
      burst.outcomes[slot] = outcome;
    }
  }
  in_flight_ -= open_[slot].size();
  open_[slot].clear();
}

void Ledger::connection_lost(Slot slot, std::optional<MessageId> unfinished) {
  end_all(slot, unfinished, Outcome::lost, [](auto& counters) { counters.lose(); });
}

void Ledger::give_up(Slot slot, std::optional<MessageId> unfinished) {
  end_all(slot, unfinished, Outcome::unacknowledged, [](auto& counters) { counters.give_up(); });
}

void Ledger::note_state(Slot slot, metrics::DeviceState state, fleet::Stage stage) {
  devices_[slot].state = state;
  devices_[slot].last_stage = stage;
}

void Ledger::note_failure(Slot slot, const fleet::Failure& failure, Mono::time_point at) {
  metrics::DeviceFigures& device = devices_[slot];
  device.failure_row = failures_.count(failure);
  device.failed_at = at;
  device.last_stage = failure.stage;
}

void Ledger::report(metrics::WorkerFigures& into) {
  into.devices = devices_;
  into.failures = failures_.rows();
  into.payload_bytes = payload_bytes_;
  into.acks.insert(into.acks.end(), acks_.begin(), acks_.end());
  acks_.clear();
  for (OpenBurst& burst : bursts_) {
    if (!burst.changed) {
      continue;
    }
    burst.changed = false;
    into.bursts.push_back(burst.tally);
    if (burst.tally.counters.in_flight() == 0) {
      into.bursts.back().outcomes = std::move(burst.outcomes);  // nothing moves in it any more
    }
  }
  // The newest stays: begin_burst and the transitions of its messages still need it.
  while (bursts_.size() > 1 && bursts_.front().tally.counters.in_flight() == 0) {
    bursts_.pop_front();
  }
}

}  // namespace stresskit::delivery
