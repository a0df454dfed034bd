#pragma once

#include "sandbox/frames.hpp"
#include "sandbox/mqtt_packet.hpp"
#include "sandbox/transport_address_block.hpp"
#include "sandbox/transport_limits.hpp"
#include "sandbox/transport_settings.hpp"

#include "stresskit/support/clock.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace stresskit::sandbox {

/// Everything the MQTT transport decides, without a socket: bytes of devices and frames of the
/// platform go in, bytes, closings and frames come out of the `Wire`.
///
/// It behaves as ThingsBoard 4.3's transport was recorded to: no broker, but a handler with fixed
/// topics, one session a device, and closings where a broker would answer.
///
/// Threads: one. `Wire` is called back from inside the methods.
class TransportCore {
 public:
  using Id = std::uint64_t;  ///< of a connection; also its session and request towards the platform
  using Time = support::Mono::time_point;

  /// Where the decisions go.
  class Wire {
   public:
    virtual ~Wire() = default;
    virtual void send(Id id, std::string_view bytes) = 0;
    /// Close after what was sent; nothing of this connection is wanted any more.
    virtual void finish(Id id) = 0;
    virtual void to_platform(std::string frame) = 0;
  };

  /// Both are lent for the life of the core.
  TransportCore(Wire& wire, const support::Clock& clock);

  /// A device's connection: accepted, bytes arrived, the device's side ended.
  void opened(Id id, std::string source_address);
  void received(Id id, std::string_view bytes);
  void ended(Id id);

  void from_platform(FrameBody frame);

  /// What waited for its time: delayed answers, evictions, the sweep for idle sessions.
  void run_due();
  [[nodiscard]] Time next_due() const;

 private:
  struct Session {
    enum class Phase : std::uint8_t { fresh, waiting, open };
    struct Subscription {
      std::string filter;
      std::uint8_t qos = 0;
    };

    Phase phase = Phase::fresh;
    MqttVersion version = MqttVersion::v3_1_1;
    bool clean = true;
    std::uint8_t queued = 0;           ///< whole packets in `queue`
    std::uint16_t last_packet_id = 0;  ///< of our own PUBLISH packets
    Time last_activity;
    std::string device;  ///< once open
    std::string source_address;
    std::string input;  ///< a packet that has not arrived whole
    std::string queue;  ///< packets that wait for the session to open
    std::vector<Subscription> subscriptions;
  };
  struct Verdict {
    std::uint8_t code = 0;
    std::uint8_t code_v5 = 0;
    std::string device;
  };

  // The life of a session (transport_core.cpp).
  Session* find(Id id);
  std::string_view process(Id id, std::string_view bytes);
  void dispatch(Id id, Session& session, std::string_view raw, const ClientPacket& packet);
  void connect(Id id, Session& session, const ConnectPacket& packet);
  void decide(Id id, const Verdict& verdict);
  void open(Id id, Session& session, const std::string& device);
  void refuse(Id id, const Session& session, const Verdict& verdict);
  void close(Id id, std::uint8_t reason_v5);
  void forget(Id id);
  void evict(const std::string& device, std::uint8_t reason);
  void configure(std::string_view json);
  void sweep();
  void after(std::chrono::milliseconds delay, std::function<void()> action);

  // What an open session is asked (transport_requests.cpp).
  void handle(Id id, Session& session, const ClientPacket& packet);
  void publish(Id id, Session& session, const PublishPacket& packet);
  void telemetry(Id id, Session& session, const PublishPacket& packet);
  void attributes(Id id, Session& session, const PublishPacket& packet);
  void request_attributes(Id id, Session& session, const PublishPacket& packet,
                          const std::string& response_topic);
  void call(Id id, Session& session, const PublishPacket& packet,
            const std::string& response_topic);
  void accept_only(Id id, Session& session, const PublishPacket& packet);
  void refuse_payload(Id id, const Session& session, const PublishPacket& packet);
  void acknowledge(Id id, const Session& session, const PublishPacket& packet,
                   std::uint8_t reason = 0);
  void subscribe(Id id, Session& session, const SubscribePacket& packet);
  void unsubscribe(Id id, Session& session, const UnsubscribePacket& packet);
  bool allow(Id id, const Session& session, std::size_t data_points);
  void answer(Id id, Session& session, const std::string& topic, std::string_view payload);
  void reply(Id id, std::string bytes);
  [[nodiscard]] std::string session_limits() const;

  Wire& wire_;
  const support::Clock& clock_;
  TransportSettings settings_;
  RateLimiter limiter_;
  AddressBlocks address_blocks_;
  std::unordered_map<Id, Session> sessions_;
  std::unordered_map<std::string, std::uint32_t> by_address_;  ///< connections of each address
  std::unordered_map<std::string, Id> by_device_;  ///< the newest open session of each device
  std::multimap<Time, std::function<void()>> timers_;
  Time next_sweep_;
};

}  // namespace stresskit::sandbox
