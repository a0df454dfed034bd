#include "mqtt/engine/native/native_connections.hpp"

#include "mqtt/engine/native.hpp"

#include "stresskit/support/error.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cassert>

namespace stresskit::mqtt {
namespace native {
namespace {

using namespace std::chrono_literals;
using fleet::Bucket;
using fleet::Failure;
using fleet::Stage;

// The work of one poll: at least a little, so that a caller who only looks gets on; at most so
// much, so that it can see to its other duties. One TLS handshake step takes about 1 ms.
constexpr auto shortest_portion = 200us;
constexpr auto longest_portion = 5ms;

// Made while a burst is released: so short that the string takes no memory.
template <std::size_t size>
Failure back_pressure(const char (&why)[size]) {
  static_assert(size <= 16);
  return {Stage::publish, Bucket::client_backpressure, why};
}

std::uint16_t whole_seconds(Mono::duration duration) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(duration).count();
  return static_cast<std::uint16_t>(std::clamp<std::int64_t>(seconds, 0, 65'535));
}

protocol::Version version_of(const config::Mqtt& settings) {
  return settings.version == "5" ? protocol::Version::v5 : protocol::Version::v3_1_1;
}

}  // namespace

NativeConnections::NativeConnections(const config::Mqtt& settings,
                                     const std::vector<Address>& server,
                                     std::span<const fleet::Device> devices, support::Clock& clock)
    : fleet_(devices),
      clock_(clock),
      host_(settings.host),
      local_addresses_(local_addresses(settings.local_addresses)),
      addresses_(reachable_from(local_addresses_, server)),
      version_(version_of(settings)),
      connect_timeout_(settings.connect_timeout),
      keep_alive_sec_(whole_seconds(settings.keep_alive)),
      timers_(devices.size()),
      random_(std::random_device{}()),
      buffer_(std::make_unique_for_overwrite<char[]>(buffer_size)),
      now_(clock.now()) {
  if (settings.tls) {
    tls_.emplace(settings);
  }
  const auto qos = settings.qos == 0 ? protocol::Qos::at_most_once : protocol::Qos::at_least_once;
  devices_.reserve(devices.size());
  for (std::size_t i = 0; i < devices.size(); ++i) {
    devices_.emplace_back(version_, qos);
  }
}

void NativeConnections::open(Slot slot) {
  Device& device = devices_[slot];
  assert(device.phase == Phase::closed);
  device.phase = Phase::waiting;
  waiting_.push_back(slot);
}

bool NativeConnections::prepare(Slot slot, std::string_view payload) {
  Device& device = devices_[slot];
  if (device.sealed()) {
    return false;
  }
  device.session.prepare(telemetry_topic, payload, device.frame);
  return true;
}

void NativeConnections::seal(Slot slot) {
  Device& device = devices_[slot];
  if (device.phase == Phase::connected && device.link.encrypted() && !obstacle(device)) {
    static_cast<void>(device.seal());  // what goes wrong here, `publish` meets again
  }
}

/// Why the server does not take the prepared message, if so.
std::optional<Failure> NativeConnections::obstacle(const Device& device) {
  if (device.session.window_full()) {
    return back_pressure("window is full");
  }
  if (device.frame.size() > device.session.maximum_packet_size()) {
    return Failure{Stage::publish, Bucket::payload,
                   fmt::format("a packet of {} bytes, the server takes at most {}",
                               device.frame.size(), device.session.maximum_packet_size())};
  }
  return std::nullopt;
}

support::Result<MessageId, Failure> NativeConnections::publish(Slot slot) {
  Device& device = devices_[slot];
  assert(device.phase == Phase::connected);
  if (auto failure = obstacle(device)) {
    return support::failure(*std::move(failure));
  }
  switch (device.send_frame()) {
    case Outcome::done:
      device.last_sent = now_;
      if (device.backlog != nullptr) {
        watch(slot);
      }
      return device.session.last_published();
    case Outcome::blocked:
      return support::failure(back_pressure("socket is full"));
    case Outcome::ended:
      break;
  }
  broken_.push_back(slot);
  const Cause& cause = device.link.cause();
  return support::failure(Failure{Stage::publish,
                                  classify(Stage::publish, cause.source, cause.code),
                                  describe(cause.source, cause.code)});
}

void NativeConnections::poll(Mono::time_point until, Events& events) {
  events_ = &events;
  const bool busy = !broken_.empty() || !waiting_.empty();
  now_ = clock_.now();
  const Mono::time_point wake = busy ? now_ : std::max(now_, std::min(until, timers_.next()));
  const auto ready = poller_.wait(wake - now_);
  now_ = clock_.now();
  const Mono::time_point stop_at =
      std::clamp(until, now_ + shortest_portion, now_ + longest_portion);
  end_broken(stop_at);
  // Before the timers: these may put another socket in a slot, which the events are not about.
  const bool all_handled = handle_events(ready, stop_at);
  fire_timers(stop_at);
  // New connections only when the ones there are leave time for it.
  if (all_handled) {
    start_waiting(stop_at);
  }
  events_ = nullptr;
}

void NativeConnections::end_broken(Mono::time_point stop_at) {
  while (!broken_.empty()) {
    const Slot slot = broken_.back();
    broken_.pop_back();
    // What the server sent before is read first: it may say why.
    const Cause cause = devices_[slot].link.cause();
    if (devices_[slot].phase == Phase::connected) {
      receive_all(slot);
    }
    if (devices_[slot].phase == Phase::connected) {
      end(slot, cause);
    }
    if (clock_.now() >= stop_at) {
      return;
    }
  }
}

void NativeConnections::fire_timers(Mono::time_point stop_at) {
  while (const auto slot = timers_.pop_due(now_)) {
    if (devices_[*slot].phase == Phase::connected) {
      keep_alive(*slot);
    } else {
      connect_timed_out(*slot);
    }
    if (clock_.now() >= stop_at) {
      return;
    }
  }
}

bool NativeConnections::handle_events(std::span<const epoll_event> events,
                                      Mono::time_point stop_at) {
  for (const epoll_event& event : events) {
    on_ready(event.data.u32, event.events);
    if (now_ >= stop_at) {
      return false;  // what is left is reported again
    }
  }
  return true;
}

void NativeConnections::start_waiting(Mono::time_point stop_at) {
  constexpr int portion = 64;
  for (int i = 0; i < portion && !waiting_.empty() && clock_.now() < stop_at; ++i) {
    const Slot slot = waiting_.front();
    waiting_.pop_front();
    Device& device = devices_[slot];
    if (device.phase != Phase::waiting) {
      continue;  // closed meanwhile
    }
    device.started = clock_.now();
    device.address = best_address_;
    device.addresses_left = static_cast<std::uint8_t>(addresses_.size());
    try_address(slot);
  }
}

void NativeConnections::close(Slot slot) {
  Device& device = devices_[slot];
  // If the goodbye cannot go out at once, the end of the connection says it.
  if (device.phase == Phase::connected && device.send(protocol::disconnect)) {
    device.finish({buffer_.get(), buffer_size});
  }
  timers_.cancel(slot);
  device.hang_up();
}

/// A device whose message was sealed and never due says no goodbye: it could only follow that
/// message. The end of its connection says it.
void NativeConnections::shutdown(Mono::time_point deadline) {
  std::vector<Slot> unfinished;
  for (Slot slot = 0; slot < devices_.size(); ++slot) {
    Device& device = devices_[slot];
    const bool gone = device.phase != Phase::connected || !device.send(protocol::disconnect);
    if (!gone && device.waits()) {
      watch(slot);
      unfinished.push_back(slot);
    }
  }
  while (!unfinished.empty() && clock_.now() < deadline) {
    static_cast<void>(poller_.wait(deadline - clock_.now()));
    std::erase_if(unfinished,
                  [this](Slot slot) { return !devices_[slot].flush() || !devices_[slot].waits(); });
  }
  for (Slot slot = 0; slot < devices_.size(); ++slot) {
    if (devices_[slot].phase == Phase::connected) {
      devices_[slot].finish({buffer_.get(), buffer_size});
    }
    timers_.cancel(slot);
    devices_[slot].hang_up();
  }
}

}  // namespace native

std::unique_ptr<Connections> make_native(const config::Mqtt& settings,
                                         const std::vector<Address>& server,
                                         std::span<const fleet::Device> devices,
                                         support::Clock& clock) {
  return std::make_unique<native::NativeConnections>(settings, server, devices, clock);
}

}  // namespace stresskit::mqtt
