#pragma once

#include "mqtt/engine/native/link.hpp"
#include "mqtt/engine/native/poller.hpp"

#include "stresskit/mqtt/connections.hpp"
#include "stresskit/mqtt/protocol/session.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
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

/// What a connection still has to write, as it goes over the wire: what a blocked socket did not
/// take, or a sealed message and what came behind it. A device has one only while it needs it.
struct Backlog {
  std::string bytes;
  std::size_t written = 0;
  std::optional<MessageId> message;  ///< the PUBLISH in it,
  std::size_t message_end = 0;       ///< which ends here
  bool sealed = false;               ///< that PUBLISH is not published yet: nothing may go out
};

/// One device's connection: link, MQTT session and what is between them. Kept small, there are
/// thousands.
struct Device {
  Device(protocol::Version version, protocol::Qos qos) : session(version, qos) {}

  // The link's own calls; what TLS has to say meanwhile is sent.
  [[nodiscard]] Outcome shake_hands();
  [[nodiscard]] Io read(char* to, std::size_t room);

  /// Hands over a packet other than PUBLISH, behind what still waits. False: the link ended.
  [[nodiscard]] bool send(std::string_view packet);
  /// Encrypts the prepared frame, which then goes out before anything else. No-op when it is, and
  /// while something waits. False: the link ended. REQUIRES: the link is encrypted.
  [[nodiscard]] bool seal();
  /// Hands over the prepared frame. `blocked`: nothing went out. `done` even if only a part did, or
  /// nothing of a sealed one: what is encrypted must follow.
  [[nodiscard]] Outcome send_frame();
  /// Goes on with what waits. False: the link ended.
  [[nodiscard]] bool flush();

  [[nodiscard]] bool sealed() const { return backlog != nullptr && backlog->sealed; }
  /// Whether there are bytes to be written as soon as the socket takes them.
  [[nodiscard]] bool waits() const { return backlog != nullptr && !backlog->sealed; }
  /// The message whose last byte was not handed over.
  [[nodiscard]] std::optional<MessageId> unfinished() const;
  /// Bytes of PUBACKs (and perhaps a PINGREQ) that the server does not take.
  [[nodiscard]] std::size_t waiting_answers() const;
  /// What to be told about the socket from here on.
  [[nodiscard]] std::uint8_t interest() const;
  /// Before a clean `hang_up`: says the end of TLS, and reads what has come, because closing a
  /// socket with unread bytes resets the connection, goodbye and all. `scratch` is overwritten.
  void finish(std::span<char> scratch);
  /// Closes the link and forgets what waits, but for what the next connection can use.
  void hang_up();

  protocol::Session session;
  Link link;
  std::string frame;                 ///< the prepared PUBLISH, in plain text
  std::string partial;               ///< a packet that has come in part
  std::unique_ptr<Backlog> backlog;  ///< null: nothing waits
  std::unique_ptr<Backlog> spare;    ///< of the sealed message before: sealing takes no new memory
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

 private:
  bool hand_over(std::string_view wire);
  bool pass_on();
  Outcome send_sealed();
};

}  // namespace stresskit::mqtt::native
