#include "burst/worker.hpp"

#include <algorithm>
#include <ctime>
#include <utility>

namespace stresskit::burst {

namespace {

using namespace std::chrono_literals;
using metrics::DeviceState;
using support::Mono;

// The worker stops waiting for the network this long before a burst is due ...
constexpr auto guard = 1ms;
// ... and keeps the processor for the last stretch: waking up costs the kernel some 50 us.
constexpr auto spin = 150us;
// Sealing (TLS) begins so long before a burst: some 5 us a device, more on a busy machine ...
constexpr auto sealing_a_device = 20us;
// ... but at most a quarter of the interval. What is not sealed then is encrypted as it goes out.
constexpr int sealing_share = 4;
// Devices sealed between two looks at the network.
constexpr std::size_t sealed_a_turn = 64;
// How often a waiting worker looks for a stop request or for a collector that asks. Not oftener:
// with few devices, waking up is a large part of all the processor time there is.
constexpr auto attention = 100ms;
// Time kept for preparing the first burst when its messages carry their due time, which is not
// known before: some 1 us a device, more on a busy machine.
constexpr auto preparing_a_device = 10us;
// Messages prepared between two looks at the network.
constexpr std::size_t portion = 256;
// Messages written between two looks: answers taken while they are still in the processor's cache
// cost less than a wider burst.
constexpr std::size_t look_after = 64;
// Attempts to connect begun in one turn: a reconnect storm must not make a release late.
constexpr std::size_t dials_a_turn = 32;
// Room made for a device's messages in flight before the first burst; more come only under stress.
constexpr std::uint32_t usual_in_flight = 4;
// Connections asked for their retransmits in one hand-over, some 0.4 us each.
constexpr std::size_t asked_a_time = 64;
// How long DISCONNECT packets may take to leave.
constexpr auto goodbye = 1s;
// How long a requested stop waits for acknowledgements.
constexpr auto drain_after_stop = 2s;

const fleet::Failure window_full{fleet::Stage::publish, fleet::Bucket::client_backpressure,
                                 "too many unacknowledged messages"};
const fleet::Failure burst_missed{fleet::Stage::publish, fleet::Bucket::client,
                                  "burst missed: the generator could not release it in time"};

Mono::duration thread_cpu() {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

}  // namespace

Worker::Worker(Setup setup, RunBoard& board, support::Clock& clock)
    : number_(setup.number),
      connections_(std::move(setup.connections)),
      dialer_(std::move(setup.dialer)),
      settings_(setup.burst),
      max_inflight_(setup.max_inflight),
      plan_(setup.plan),
      board_(board),
      clock_(clock),
      devices_(setup.devices.size()),
      ledger_(setup.devices.size(), setup.qos > 0),
      next_({setup.devices, setup.first, setup.seed, setup.stamps_from}, setup.plan),
      retransmits_(setup.devices.size()) {
  for (Device& device : devices_) {
    device.window = max_inflight_;
  }
}

void Worker::run() {
  connect_all();
  burst_until_stopped();
  drain();
  finish();
}

void Worker::connect_all() {
  while (!dialer_.everybody_tried() && !board_.stop_requested()) {
    turn(clock_.now() + attention);
    if (!next_.stamped()) {
      next_.prepare(*connections_, portion);
    }
  }
  Mono::duration lead_time = settings_.lead_time;
  if (next_.stamped()) {
    lead_time = std::max<Mono::duration>(lead_time, preparing_a_device * next_.taking_part());
  } else {
    next_.prepare_all(*connections_);
  }
  board_.ready(connected_count_, clock_.now(), lead_time);
  while (!board_.all_ready() && !board_.stop_requested()) {
    turn(clock_.now() + 1ms);
  }
}

void Worker::burst_until_stopped() {
  const Mono::time_point first_due = board_.first_due();
  if (first_due == Mono::time_point::max()) {
    return;  // stopped while connecting, or nobody connected
  }
  const Schedule schedule(first_due, settings_.interval);
  for (std::uint64_t k = 0; k < plan_.bursts(); ++k) {
    if (!wait_for_due(schedule, k)) {
      return;
    }
    if (clock_.now() > schedule.too_late(k)) {
      miss(k);
    } else {
      release(k);
    }
    // Also when the next burst is due already: the figures must not stand still.
    turn(clock_.now());
  }
}

/// Returns whether the burst takes place; then its due time has come and every worker is here.
bool Worker::wait_for_due(const Schedule& schedule, std::uint64_t k) {
  const Mono::time_point due = schedule.due(k);
  const Mono::time_point seal_from = due - guard - sealing_time();
  next_.is_due(due);
  while (clock_.now() < seal_from) {
    if (board_.stop_requested() && !board_.gate.admit(k)) {
      return false;
    }
    next_.prepare(*connections_, portion);
    const Mono::time_point now = clock_.now();
    turn(next_.all_prepared() ? std::min(seal_from, now + attention) : now);
  }
  next_.prepare_all(*connections_);
  // Before anything is sealed: a sealed message must be sent.
  if (!board_.gate.admit(k)) {
    return false;
  }
  seal_until(due - guard);
  ledger_.begin_burst(k, due);
  board_.gate.arrive(number_, k);
  while (clock_.now() < due - spin) {
    connections_->poll(due - spin, *this);
  }
  clock_.spin_until(due);
  while (!board_.gate.all_arrived(k) && clock_.now() <= schedule.too_late(k)) {
    connections_->poll(clock_.now() + 100us, *this);
  }
  return true;
}

void Worker::release(std::uint64_t k) {
  const std::size_t count = next_.taking_part();
  // Steps of the golden ratio: no device is always last, and neighbours in time are none here.
  std::size_t slot =
      count == 0 ? 0 : static_cast<std::size_t>(0.618034 * static_cast<double>(count)) * k % count;
  for (std::size_t i = 0; i < count; ++i) {
    publish(static_cast<Slot>(slot));
    slot = slot + 1 == count ? 0 : slot + 1;
    if (i % look_after == look_after - 1) {
      connections_->poll(Mono::time_point{}, *this);
    }
  }
  next_.go_on_to(k + 1);
}

void Worker::publish(Slot slot) {
  Device& device = devices_[slot];
  if (!device.connected) {
    ledger_.skip_not_connected(slot);
    return;
  }
  if (ledger_.in_flight(slot) >= device.window) {
    ledger_.skip(slot, window_full, clock_.now());
    return;
  }
  const auto id = connections_->publish(slot);
  const Mono::time_point now = clock_.now();
  if (id) {
    ledger_.sent(slot, *id, next_.payload_bytes(slot), now);
  } else if (id.error().bucket == fleet::Bucket::client_backpressure) {
    ledger_.skip(slot, id.error(), now);
  } else {
    ledger_.fail(slot, id.error(), now);
    device.end_told = id.error().bucket != fleet::Bucket::payload;
  }
}

void Worker::miss(std::uint64_t k) {
  ledger_.mark_missed();
  const Mono::time_point now = clock_.now();
  for (Slot slot = 0; slot < next_.taking_part(); ++slot) {
    if (devices_[slot].connected) {
      ledger_.skip(slot, burst_missed, now);
    } else {
      ledger_.skip_not_connected(slot);  // whatever we do; its own failure stays the reason
    }
  }
  next_.go_on_unpublished_to(k + 1);
}

Mono::duration Worker::sealing_time() const {
  return connections_->seals() ? std::min<Mono::duration>(sealing_a_device * next_.taking_part(),
                                                          settings_.interval / sealing_share)
                               : Mono::duration::zero();
}

void Worker::seal_until(Mono::time_point end) {
  if (!connections_->seals()) {
    return;
  }
  for (Slot slot = 0; slot < next_.taking_part() && clock_.now() < end; ++slot) {
    if (devices_[slot].connected && ledger_.in_flight(slot) < devices_[slot].window) {
      connections_->seal(slot);
    }
    if (slot % sealed_a_turn == sealed_a_turn - 1) {
      turn(clock_.now());
    }
  }
  while (clock_.now() < end) {
    turn(end);
  }
}

void Worker::drain() {
  dialing_ = false;
  const bool asked = board_.stop_requested();
  if (!asked && board_.first_due() != Mono::time_point::max()) {
    board_.begin_draining();
  }
  const Mono::time_point own_end = clock_.now() + settings_.ack_drain;
  for (;;) {
    const Mono::time_point stop_at = board_.stop_requested_at();
    const Mono::time_point end = stop_at == Mono::time_point::max()
                                     ? own_end
                                     : std::min(own_end, stop_at + drain_after_stop);
    const Mono::time_point now = clock_.now();
    if (ledger_.in_flight() == 0 || now >= end) {
      return;
    }
    turn(std::min(end, now + attention));
  }
}

/// The last figures hold the states before our own goodbye.
void Worker::finish() {
  for (std::size_t slot = 0; slot < devices_.size(); ++slot) {
    ledger_.give_up(static_cast<Slot>(slot), connections_->unfinished(static_cast<Slot>(slot)));
  }
  retransmits_.ask_all(*connections_);
  report(final_figures_);
  connections_->shutdown(clock_.now() + goodbye);
  board_.gate.leave(number_);
  board_.finished();
}

void Worker::turn(Mono::time_point until) {
  const Mono::time_point wake = dialing_ ? std::min(until, dialer_.wake()) : until;
  const Mono::time_point began = clock_.now();
  connections_->poll(wake, *this);
  const Mono::time_point now = clock_.now();
  // What was overdue before is somebody else's delay.
  const Mono::duration lag = now - std::max(wake, began);
  // A storm of connects before the first burst delays nothing that is measured.
  if (lag > Mono::duration::zero() && board_.first_due() != Mono::time_point::max()) {
    lags_.push_back(lag);
  }
  if (dialing_) {
    dial(now);
  }
  if (mailbox_.asked()) {
    hand_over();
  }
}

void Worker::dial(Mono::time_point now) {
  for (std::size_t i = 0; i < dials_a_turn; ++i) {
    const auto slot = dialer_.next(now);
    if (!slot) {
      return;
    }
    if (!devices_[*slot].accepted_before) {
      ledger_.note_state(*slot, DeviceState::connecting, fleet::Stage::connect);
    }
    connections_->open(*slot);
  }
}

void Worker::hand_over() {
  retransmits_.ask(*connections_, asked_a_time);
  mailbox_.deliver([this](metrics::WorkerFigures& figures) { report(figures); });
}

void Worker::report(metrics::WorkerFigures& into) {
  ledger_.report(into);
  into.taken_at = clock_.now();
  into.connects.insert(into.connects.end(), connects_.begin(), connects_.end());
  into.changes.insert(into.changes.end(), changes_.begin(), changes_.end());
  into.lags.insert(into.lags.end(), lags_.begin(), lags_.end());
  into.reconnects = reconnects_;
  into.tcp_retransmits = retransmits_.total();
  into.cpu = thread_cpu();
  connects_.clear();
  changes_.clear();
  lags_.clear();
}

void Worker::connected(Slot slot, const mqtt::Accepted& accepted, Mono::time_point at) {
  Device& device = devices_[slot];
  device.connected = true;
  device.end_told = false;
  device.window = std::min<std::uint32_t>(max_inflight_, accepted.receive_maximum);
  ledger_.expect_in_flight(slot, std::min<std::uint32_t>(device.window, usual_in_flight));
  reconnects_ += std::exchange(device.accepted_before, true) ? 1U : 0U;
  ++connected_count_;
  dialer_.connected(slot, at);
  ledger_.note_state(slot, DeviceState::connected, fleet::Stage::connect);
  retransmits_.connected(slot);
  device.sent_before = ledger_.sent(slot);
  tell_state({.at = at, .device = slot, .state = DeviceState::connected});
  const mqtt::ConnectTimes& times = accepted.times;
  connects_.push_back({times.tcp, times.tls, times.connack, times.total});
}

void Worker::refused(Slot slot, const fleet::Failure& failure, Mono::time_point at) {
  Device& device = devices_[slot];
  dialer_.refused(slot, failure, at);
  ledger_.note_failure(slot, failure, at);
  const auto state = device.accepted_before ? DeviceState::disconnected : DeviceState::failed;
  ledger_.note_state(slot, state, failure.stage);
  tell_state({at, slot, state, ledger_.failure_row(slot)});
}

void Worker::acknowledged(Slot slot, mqtt::MessageId id, Mono::time_point at) {
  ledger_.acknowledged(slot, id, at);
}

void Worker::rejected(Slot slot, mqtt::MessageId id, const fleet::Failure& failure,
                      Mono::time_point at) {
  ledger_.rejected(slot, id, failure, at);
}

void Worker::lost(Slot slot, const fleet::Failure& failure,
                  std::optional<mqtt::MessageId> unfinished, Mono::time_point at) {
  devices_[slot].connected = false;
  retransmits_.lost(slot);
  --connected_count_;
  dialer_.lost(slot, failure, at);
  const std::uint32_t messages = ledger_.sent(slot) - devices_[slot].sent_before;
  const bool cut_off = ledger_.in_flight(slot) > 0;
  ledger_.connection_lost(slot, unfinished);
  // One event, one count: the publish that met the dead connection has counted it.
  if (!devices_[slot].end_told) {
    ledger_.note_failure(slot, failure, at);
  }
  ledger_.note_state(slot, DeviceState::disconnected, failure.stage);
  tell_state({at, slot, DeviceState::disconnected, ledger_.failure_row(slot), messages, cut_off});
}

/// Only changes are told: a device that is refused again and again is news once.
void Worker::tell_state(const metrics::StateChange& change) {
  if (std::exchange(devices_[change.device].told, change.state) != change.state) {
    changes_.push_back(change);
  }
}

}  // namespace stresskit::burst
