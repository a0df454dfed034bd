#include "stresskit/mqtt/protocol/session.hpp"

#include "stresskit/mqtt/protocol/decode.hpp"

#include <algorithm>
#include <cassert>

namespace stresskit::mqtt::protocol {
namespace {

template <class... Cases>
struct Match : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Match(Cases...) -> Match<Cases...>;

}  // namespace

void Session::connect(const Connect& connect, std::string& out) {
  open_.clear();
  open_.reserve(4);  // so that the usual publish allocates nothing
  wrapped_ = false;
  receive_maximum_ = 65'535;
  maximum_packet_size_ = 0xFFFF'FFFF;
  state_ = State::connecting;
  append_connect(out, version_, connect);
}

Received Session::receive(std::string_view bytes) {
  assert(state_ != State::closed);
  const Decoded decoded = decode(version_, bytes);
  const auto when_connected = [this](const auto& event) {
    return state_ == State::connected ? Event{event} : Event{Broken{"a packet before CONNACK"}};
  };
  Event event =
      std::visit(Match{[](const Incomplete&) { return Event{Waiting{}}; },
                       [](const Malformed& packet) { return Event{Broken{packet.what}}; },
                       [&](const Connack& packet) { return handle(packet); },
                       [&](const Puback& packet) { return when_connected(handle(packet)); },
                       [&](const Publish& packet) { return when_connected(Message{packet}); },
                       [&](const Suback& packet) { return when_connected(Subscribed{packet}); },
                       [&](const Pingresp&) { return when_connected(Pong{}); },
                       // Before CONNACK, too: servers explain themselves that way.
                       [](const Disconnect& packet) {
                         return Event{Disconnected{packet.code, packet.reason}};
                       }},
                 decoded.packet);
  if (std::holds_alternative<Refused>(event) || std::holds_alternative<Disconnected>(event) ||
      std::holds_alternative<Broken>(event)) {
    state_ = State::closed;
  }
  return {event, decoded.size};
}

Event Session::handle(const Connack& packet) {
  if (state_ != State::connecting) {
    return Broken{"a second CONNACK"};
  }
  if (packet.code != 0) {
    return Refused{packet.code, packet.reason};
  }
  if (packet.maximum_qos < static_cast<std::uint8_t>(qos_)) {
    // It would have to refuse every message of ours with this code (MQTT 5 section 3.2.2.3.4).
    constexpr std::uint8_t qos_not_supported = 0x9B;
    return Refused{qos_not_supported, "the server takes QoS 0 only: set MQTT_QOS=0"};
  }
  state_ = State::connected;
  receive_maximum_ = packet.receive_maximum;
  maximum_packet_size_ = packet.maximum_packet_size;
  return Accepted{packet};
}

Event Session::handle(const Puback& packet) {
  const auto found = std::ranges::find(open_, packet.id);
  if (found == open_.end()) {
    return Nothing{};
  }
  open_.erase(found);
  // Below 0x80 is success, "no matching subscribers" (0x10) for instance.
  return packet.code < 0x80 ? Event{Acknowledged{packet.id}}
                            : Event{Rejected{packet.id, packet.code, packet.reason}};
}

void Session::prepare(std::string_view topic, std::string_view payload, std::string& frame) {
  prepared_id_ = free_id();
  write_publish(frame, version_, qos_, prepared_id_, topic, payload);
}

std::uint16_t Session::published() {
  assert(prepared_id_ != 0);
  wrapped_ = !open_.empty() && (wrapped_ || prepared_id_ < last_id_);
  last_id_ = prepared_id_;
  if (qos_ != Qos::at_most_once) {
    open_.push_back(prepared_id_);
  }
  return prepared_id_;
}

std::uint16_t Session::free_id() const {
  std::uint16_t id = last_id_;
  do {
    id = id == 65'535 ? std::uint16_t{1} : static_cast<std::uint16_t>(id + 1);
    if (id > last_id_ && !wrapped_) {
      break;  // every open one went out earlier and is smaller: no need to search
    }
  } while (std::ranges::find(open_, id) != open_.end() && open_.size() < 65'535);
  return id;
}

}  // namespace stresskit::mqtt::protocol
