#pragma once

#include "stresskit/mqtt/protocol/encode.hpp"
#include "stresskit/mqtt/protocol/packets.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace stresskit::mqtt::protocol {

// What one packet of the server meant. Views point into the bytes given to `Session::receive`.

struct Waiting {};  ///< the packet is not all there: give the same bytes again, and more
struct Nothing {};  ///< a packet without news, such as a PUBACK nobody waits for

struct Accepted {
  Connack connack;
};
struct Refused {
  std::uint8_t code = 0;
  std::string_view reason;
};
struct Acknowledged {
  std::uint16_t id = 0;
};
struct Rejected {
  std::uint16_t id = 0;
  std::uint8_t code = 0;
  std::string_view reason;
};
/// The server published something. With an id it must be answered with `puback(id)`.
struct Message {
  Publish publish;
};
struct Subscribed {
  Suback suback;
};
struct Pong {};
/// The server says goodbye (MQTT 5).
struct Disconnected {
  std::uint8_t code = 0;
  std::string_view reason;
};
/// The server broke the protocol; nothing it sends from here on means anything.
struct Broken {
  const char* what = "";
};

using Event = std::variant<Waiting, Nothing, Accepted, Refused, Acknowledged, Rejected, Message,
                           Subscribed, Pong, Disconnected, Broken>;

struct Received {
  Event event;
  std::size_t size = 0;  ///< bytes of the packet: drop them before the next call
};

/// One device's side of an MQTT connection: calls give bytes, bytes give events. No socket, no
/// clock, no thread; some 60 bytes, plus two for each open message. Serves one connection after
/// the other: `connect` begins anew.
///
/// Nothing is ever sent twice: messages still open when the connection ends are forgotten.
class Session {
 public:
  Session(Version version, Qos qos) : version_(version), qos_(qos) {}

  /// Begins a connection: everything open is forgotten, CONNECT is appended to `out`.
  void connect(const Connect& connect, std::string& out);

  /// Takes the first packet of `bytes`. REQUIRES: called after `connect`, and not after Refused,
  /// Disconnected or Broken.
  [[nodiscard]] Received receive(std::string_view bytes);

  /// Makes `frame` the PUBLISH that goes out next; may be called before the connection stands. A
  /// frame that was prepared and never sent leaves its packet id to the next one.
  void prepare(std::string_view topic, std::string_view payload, std::string& frame);

  /// The prepared frame went out. Returns its packet id, which is open from now on until it is
  /// acknowledged or rejected (QoS 0: at once closed, the number only tells messages apart).
  std::uint16_t published();

  /// Whether the server takes another message now (MQTT 5, Receive Maximum; and there are only
  /// 65,535 packet ids).
  [[nodiscard]] bool window_full() const { return open_.size() >= receive_maximum_; }
  [[nodiscard]] std::uint16_t last_published() const { return last_id_; }
  [[nodiscard]] std::size_t open_messages() const { return open_.size(); }
  /// Bytes of the largest packet the server takes (MQTT 5, Maximum Packet Size).
  [[nodiscard]] std::uint32_t maximum_packet_size() const { return maximum_packet_size_; }

 private:
  enum class State : std::uint8_t { closed, connecting, connected };

  Event handle(const Connack& packet);
  Event handle(const Puback& packet);
  std::uint16_t free_id() const;

  std::vector<std::uint16_t> open_;  ///< packet ids, in the order they went out
  std::uint32_t maximum_packet_size_ = 0xFFFF'FFFF;
  std::uint16_t receive_maximum_ = 65'535;
  std::uint16_t last_id_ = 0;      ///< of the message that went out last
  std::uint16_t prepared_id_ = 0;  ///< of the prepared frame
  bool wrapped_ = false;           ///< an id passed 65,535 while others were open
  Version version_;
  Qos qos_;
  State state_ = State::closed;
};

}  // namespace stresskit::mqtt::protocol
