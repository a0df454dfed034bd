#pragma once

#include "mqtt/engine/native/link.hpp"
#include "mqtt/engine/native/poller.hpp"

#include "stresskit/mqtt/connections.hpp"
#include "stresskit/mqtt/protocol/session.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace stresskit::mqtt::native {

enum class Phase : std::uint8_t {
  closed,
  waiting,  ///< for its turn to connect
  tcp,
  tls,
  connack,
  connected,
};

/// What a blocked connection still has to write. Rare, so a device has one only while it needs it.
struct Backlog {
  std::string bytes;
  std::size_t written = 0;
  std::optional<MessageId> message;  ///< the PUBLISH in it,
  std::size_t message_end = 0;       ///< which ends here
};

/// One device's connection: link, MQTT session and what is between them. Kept small, there are
/// thousands.
struct Device {
  Device(protocol::Version version, protocol::Qos qos) : session(version, qos) {}

  /// Hands over a packet other than PUBLISH, behind what still waits. False: the link ended.
  [[nodiscard]] bool send(std::string_view packet);
  /// Hands over the prepared frame. `blocked`: nothing went out. `done` even if only a part did.
  [[nodiscard]] Outcome send_frame();
  /// Goes on with what waits. False: the link ended.
  [[nodiscard]] bool flush();

  /// The message whose last byte was not handed over.
  [[nodiscard]] std::optional<MessageId> unfinished() const;
  /// Bytes of PUBACKs (and perhaps a PINGREQ) that the server does not take.
  [[nodiscard]] std::size_t waiting_answers() const;
  /// What to be told about the socket from here on.
  [[nodiscard]] std::uint8_t interest() const;
  /// Closes the link and forgets what waits, but for what the next connection can use.
  void hang_up();

  protocol::Session session;
  Link link;
  std::string frame;                 ///< the prepared PUBLISH
  std::string partial;               ///< a packet that has come in part
  std::unique_ptr<Backlog> backlog;  ///< null: nothing waits
  TlsSession tls_session;            ///< of the connection before, to be resumed
  Mono::time_point started;          ///< when its turn came
  Mono::time_point tcp_done;
  Mono::time_point tls_done;
  Mono::time_point last_sent;
  Mono::time_point last_received;
  std::optional<Mono::time_point> ping_sent;  ///< unanswered
  std::uint16_t keep_alive_sec = 0;
  std::uint8_t address = 0;         ///< index of the address it connects to,
  std::uint8_t addresses_left = 0;  ///< and how many it may still try
  std::uint8_t watched = nothing;   ///< what the poller was told last
  Phase phase = Phase::closed;
};

}  // namespace stresskit::mqtt::native
