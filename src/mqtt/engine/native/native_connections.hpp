#pragma once

#include "mqtt/engine/native/device.hpp"
#include "mqtt/engine/native/poller.hpp"
#include "mqtt/engine/native/timer_queue.hpp"
#include "mqtt/engine/native/tls.hpp"

#include "stresskit/mqtt/addresses.hpp"
#include "stresskit/mqtt/connections.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace stresskit::mqtt::native {

/// The engine `native`; see native.hpp.
class NativeConnections final : public Connections {
 public:
  /// `server`: its addresses, at least one; tried in turn, beginning with the one that answered
  /// last.
  NativeConnections(const config::Mqtt& settings, const std::vector<Address>& server,
                    std::span<const fleet::Device> devices, support::Clock& clock);

  void open(Slot slot) override;
  bool prepare(Slot slot, std::string_view payload) override;
  [[nodiscard]] bool seals() const override { return tls_.has_value(); }
  void seal(Slot slot) override;
  [[nodiscard]] support::Result<MessageId, fleet::Failure> publish(Slot slot) override;
  [[nodiscard]] std::optional<MessageId> unfinished(Slot slot) const override {
    return devices_[slot].unfinished();
  }
  void poll(Mono::time_point until, Events& events) override;
  void close(Slot slot) override;
  void shutdown(Mono::time_point deadline) override;
  [[nodiscard]] std::uint32_t retransmits(Slot slot) const override {
    return devices_[slot].link.retransmits();
  }
  [[nodiscard]] std::string_view write_time() const override { return "written"; }

 private:
  /// Room for a packet that has come in part and what comes next.
  static constexpr std::size_t buffer_size = 2 * protocol::largest_packet;

  [[nodiscard]] static std::optional<fleet::Failure> obstacle(const Device& device);

  // One portion of work, until `stop_at` (native_connections.cpp).
  void end_broken(Mono::time_point stop_at);
  void fire_timers(Mono::time_point stop_at);
  [[nodiscard]] bool handle_events(std::span<const epoll_event> events, Mono::time_point stop_at);
  void start_waiting(Mono::time_point stop_at);

  // From `open` to CONNACK (connecting.cpp).
  void try_address(Slot slot);
  [[nodiscard]] const Address* local_address(Slot slot) const;
  void after_connect(Slot slot, Outcome outcome);
  void after_handshake(Slot slot, Outcome outcome);
  void say_connect(Slot slot);
  void accept(Slot slot, const protocol::Connack& connack, Mono::time_point at);
  void connect_timed_out(Slot slot);
  void watch(Slot slot);

  // A connection's traffic (traffic.cpp).
  void on_ready(Slot slot, std::uint32_t ready);
  bool receive(Slot slot);
  void receive_all(Slot slot);
  void take(Slot, const protocol::Waiting&, Mono::time_point) {}
  void take(Slot, const protocol::Nothing&, Mono::time_point) {}
  void take(Slot, const protocol::Subscribed&, Mono::time_point) {}
  void take(Slot slot, const protocol::Accepted& news, Mono::time_point at);
  void take(Slot slot, const protocol::Refused& news, Mono::time_point at);
  void take(Slot slot, const protocol::Acknowledged& news, Mono::time_point at);
  void take(Slot slot, const protocol::Rejected& news, Mono::time_point at);
  void take(Slot slot, const protocol::Message& news, Mono::time_point at);
  void take(Slot slot, const protocol::Pong& news, Mono::time_point at);
  void take(Slot slot, const protocol::Disconnected& news, Mono::time_point at);
  void take(Slot slot, const protocol::Broken& news, Mono::time_point at);
  void keep_alive(Slot slot);
  void wait_for_sealed(Slot slot);
  [[nodiscard]] Mono::time_point keep_alive_due(const Device& device) const;

  // The end of a connection, told to the owner (traffic.cpp).
  void end(Slot slot, const Cause& cause);
  void end(Slot slot, const Cause& cause, std::string detail);
  [[nodiscard]] std::string in_words(Slot slot, const Cause& cause, std::string_view reason) const;

  // Constant.
  std::span<const fleet::Device> fleet_;
  support::Clock& clock_;
  std::string host_;
  std::vector<Address> local_addresses_;  ///< to connect from, in turn; empty: the system's choice
  std::vector<Address> addresses_;        ///< of the server
  std::optional<TlsContext> tls_;
  protocol::Version version_;
  Mono::duration connect_timeout_;
  std::uint16_t keep_alive_sec_;

  // State.
  std::vector<Device> devices_;
  TimerQueue timers_;
  Poller poller_;
  std::deque<Slot> waiting_;       ///< to connect, in the order of `open`
  std::vector<Slot> broken_;       ///< whose link ended outside `poll`
  std::uint8_t best_address_ = 0;  ///< the one that answered last
  std::minstd_rand random_;
  std::unique_ptr<char[]> buffer_;  ///< what is being read, of any device
  std::string scratch_;             ///< a packet being written
  Mono::time_point now_;            ///< when the clock was last looked at; enough for keep-alive
  Events* events_ = nullptr;        ///< of the current poll
};

}  // namespace stresskit::mqtt::native
