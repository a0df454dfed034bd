// From `open` to CONNACK: TCP, TLS, MQTT.

#include "mqtt/client_id.hpp"
#include "mqtt/engine/native/native_connections.hpp"

#include "stresskit/support/format.hpp"

#include <fmt/format.h>

namespace stresskit::mqtt::native {

void NativeConnections::try_address(Slot slot) {
  Device& device = devices_[slot];
  device.phase = Phase::tcp;
  --device.addresses_left;
  // A silent address gets its share of the time only, so that the next ones get theirs.
  const Mono::time_point now = clock_.now();
  const Mono::duration rest = device.started + connect_timeout_ - now;
  timers_.set(slot, now + rest / (device.addresses_left + 1));
  after_connect(slot, device.link.connect(addresses_[device.address], local_address(slot)));
}

/// In turn, of those that have the family of the server's address.
const Address* NativeConnections::local_address(Slot slot) const {
  if (local_addresses_.empty()) {
    return nullptr;
  }
  std::size_t i = slot % local_addresses_.size();
  while (local_addresses_[i].family() != addresses_[devices_[slot].address].family()) {
    i = (i + 1) % local_addresses_.size();  // there is one: see `reachable_from`
  }
  return &local_addresses_[i];
}

void NativeConnections::after_connect(Slot slot, Outcome outcome) {
  Device& device = devices_[slot];
  if (outcome == Outcome::blocked) {
    watch(slot);
    return;
  }
  if (outcome == Outcome::ended) {
    if (device.addresses_left == 0) {
      end(slot, device.link.cause());
      return;
    }
    device.link.close();
    device.watched = nothing;
    device.address = static_cast<std::uint8_t>((device.address + 1U) % addresses_.size());
    try_address(slot);
    return;
  }
  best_address_ = device.address;
  device.tcp_done = device.tls_done = clock_.now();
  timers_.set(slot, device.started + connect_timeout_);
  if (tls_) {
    device.phase = Phase::tls;
    const bool started = device.link.start_tls(*tls_, device.tls_session.get());
    after_handshake(slot, started ? device.shake_hands() : Outcome::ended);
    device.tls_session.reset();
  } else {
    say_connect(slot);
  }
}

void NativeConnections::after_handshake(Slot slot, Outcome outcome) {
  Device& device = devices_[slot];
  if (outcome == Outcome::blocked) {
    watch(slot);
  } else if (outcome == Outcome::ended) {
    end(slot, device.link.cause());
  } else {
    device.tls_done = clock_.now();
    say_connect(slot);
  }
}

void NativeConnections::say_connect(Slot slot) {
  Device& device = devices_[slot];
  device.phase = Phase::connack;
  const std::string client_id = make_client_id(fleet_[slot].name, random_);
  scratch_.clear();
  device.session.connect({client_id, fleet_[slot].token, keep_alive_sec_}, scratch_);
  if (!device.send(scratch_)) {
    end(slot, device.link.cause());
    return;
  }
  watch(slot);
}

void NativeConnections::accept(Slot slot, const protocol::Connack& connack, Mono::time_point at) {
  Device& device = devices_[slot];
  device.phase = Phase::connected;
  device.keep_alive_sec = connack.server_keep_alive.value_or(keep_alive_sec_);
  device.last_sent = device.last_received = at;
  if (device.keep_alive_sec == 0) {
    timers_.cancel(slot);
  } else {
    timers_.set(slot, keep_alive_due(device));
  }
  const Accepted accepted{{.tcp = device.tcp_done - device.started,
                           .tls = device.tls_done - device.tcp_done,
                           .connack = at - device.tls_done,
                           .total = at - device.started},
                          connack.receive_maximum};
  events_->connected(slot, accepted, at);
}

void NativeConnections::connect_timed_out(Slot slot) {
  Device& device = devices_[slot];
  // What has come while we were busy counts: our being late is not the server's.
  if (device.phase == Phase::tcp) {
    const Outcome outcome = device.link.reach(addresses_[device.address]);
    if (outcome != Outcome::blocked || device.addresses_left > 0) {
      after_connect(slot, outcome == Outcome::blocked ? Outcome::ended : outcome);
      return;
    }
  }
  if (device.phase == Phase::tls) {
    after_handshake(slot, device.shake_hands());
  }
  if (device.phase == Phase::connack) {
    receive_all(slot);
  }
  const char* missing = nullptr;
  switch (device.phase) {
    case Phase::tcp:
      missing = "no TCP connection";
      break;
    case Phase::tls:
      missing = "TLS handshake not finished";
      break;
    case Phase::connack:
      missing = "no CONNACK";
      break;
    default:
      return;  // it was not too late
  }
  end(slot, {Source::timed_out, 0},
      fmt::format("{} within {:g} s", missing, support::to_seconds(connect_timeout_)));
}

void NativeConnections::watch(Slot slot) {
  Device& device = devices_[slot];
  const std::uint8_t interest = device.interest();
  if (interest == device.watched) {
    return;
  }
  if (device.watched != nothing) {
    poller_.change(device.link.socket(), slot, interest);
  } else if (const int error = poller_.add(device.link.socket(), slot, interest); error != 0) {
    end(slot, {Source::system, error});
    return;
  }
  device.watched = interest;
}

}  // namespace stresskit::mqtt::native
