#include "sandbox/mqtt_encode.hpp"
#include "sandbox/mqtt_payload.hpp"
#include "sandbox/mqtt_reasons.hpp"
#include "sandbox/mqtt_topics.hpp"
#include "sandbox/transport_core.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

namespace stresskit::sandbox {
namespace {

constexpr std::uint8_t refused_subscription = 0x80;  // below MQTT 5
constexpr std::uint8_t highest_qos = 1;

std::int64_t milliseconds_since_1970(support::Wall::time_point at) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

/// Whether a subscription's filter, whose only wildcard is a `+` at its end, covers `topic`.
bool covers(std::string_view filter, std::string_view topic) {
  if (!filter.ends_with('+')) {
    return filter == topic;
  }
  filter.remove_suffix(1);
  return topic.starts_with(filter) && topic.find('/', filter.size()) == std::string_view::npos;
}

/// The id at the end of a request's topic is a Java int.
bool ends_in_request_id(std::string_view topic) {
  const std::string_view id = topic.substr(topic.rfind('/') + 1);
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), value);
  return error == std::errc{} && end == id.data() + id.size();
}

std::string quoted_or_null(const std::string& limit) {
  return limit.empty() ? "null" : '"' + limit + '"';
}

}  // namespace

void TransportCore::handle(Id id, Session& session, const ClientPacket& packet) {
  if (const auto* message = std::get_if<PublishPacket>(&packet)) {
    publish(id, session, *message);
  } else if (std::holds_alternative<PingPacket>(packet)) {
    wire_.send(id, encode_pingresp());
  } else if (const auto* wishes = std::get_if<SubscribePacket>(&packet)) {
    subscribe(id, session, *wishes);
  } else if (const auto* filters = std::get_if<UnsubscribePacket>(&packet)) {
    unsubscribe(id, session, *filters);
  } else if (std::holds_alternative<DisconnectPacket>(packet)) {
    close(id, reason::success);
  }
  // Acknowledgements and AUTH are read over, PUBREL too: so a client at QoS 2 waits for ever.
}

void TransportCore::publish(Id id, Session& session, const PublishPacket& packet) {
  const Topic topic = classify_topic(packet.topic);
  switch (topic.kind) {
    case Topic::Kind::telemetry:
      return telemetry(id, session, packet);
    case Topic::Kind::attributes:
      return attributes(id, session, packet);
    case Topic::Kind::attribute_request:
      return request_attributes(id, session, packet, topic.response);
    case Topic::Kind::rpc_request:
      return call(id, session, packet, topic.response);
    case Topic::Kind::rpc_response:
    case Topic::Kind::claim:
      return accept_only(id, session, packet);
    case Topic::Kind::protobuf:
      return refuse_payload(id, session, packet);
    case Topic::Kind::gateway:
      return;  // a device that is no gateway: neither answer nor closing
    case Topic::Kind::unknown:
      return acknowledge(id, session, packet, reason::unknown_topic);
  }
}

void TransportCore::telemetry(Id id, Session& session, const PublishPacket& packet) {
  const CheckedPayload checked = check_telemetry(packet.payload);
  switch (checked.verdict) {
    case CheckedPayload::Verdict::invalid:
      return refuse_payload(id, session, packet);
    case CheckedPayload::Verdict::unexpected:
      return close(id, reason::unexpected_payload);
    case CheckedPayload::Verdict::nothing:
      allow(id, session, 0);
      return;
    case CheckedPayload::Verdict::good:
      break;
  }
  if (!allow(id, session, checked.data_points)) {
    return;
  }
  wire_.to_platform(FrameWriter(Frame::telemetry)
                        .str(session.device)
                        .i64(milliseconds_since_1970(clock_.wall()))
                        .str(checked.json)
                        .take());
  acknowledge(id, session, packet);
}

void TransportCore::attributes(Id id, Session& session, const PublishPacket& packet) {
  const CheckedPayload checked = check_attributes(packet.payload);
  if (checked.verdict != CheckedPayload::Verdict::good) {
    refuse_payload(id, session, packet);
    return;
  }
  if (!allow(id, session, checked.data_points)) {
    return;
  }
  wire_.to_platform(FrameWriter(Frame::attributes).str(session.device).str(checked.json).take());
  acknowledge(id, session, packet);
}

/// The recorded answer has no attributes in it, and so has ours: it knows none.
void TransportCore::request_attributes(Id id, Session& session, const PublishPacket& packet,
                                       const std::string& response_topic) {
  const CheckedPayload checked = check_attributes(packet.payload);
  if (checked.verdict != CheckedPayload::Verdict::good || !ends_in_request_id(packet.topic)) {
    refuse_payload(id, session, packet);
    return;
  }
  if (!allow(id, session, 0)) {
    return;
  }
  acknowledge(id, session, packet);
  answer(id, session, response_topic, "{}");
}

/// Of the calls a device can make, the transport itself answers getSessionLimits; the others go to
/// the rule engine, whose default chain answers none.
void TransportCore::call(Id id, Session& session, const PublishPacket& packet,
                         const std::string& response_topic) {
  const std::string method = rpc_method(packet.payload);
  if (method.empty() || !ends_in_request_id(packet.topic)) {
    refuse_payload(id, session, packet);
    return;
  }
  if (!allow(id, session, 0)) {
    return;
  }
  acknowledge(id, session, packet);
  if (method == "getSessionLimits") {
    answer(id, session, response_topic, session_limits());
  }
}

void TransportCore::accept_only(Id id, Session& session, const PublishPacket& packet) {
  if (allow(id, session, 0)) {
    acknowledge(id, session, packet);
  }
}

/// MQTT 5 at QoS 1 can say so; everybody else loses the connection.
void TransportCore::refuse_payload(Id id, const Session& session, const PublishPacket& packet) {
  if (session.version == MqttVersion::v5 && packet.qos > 0) {
    acknowledge(id, session, packet, reason::bad_payload);
  } else {
    close(id, reason::bad_payload);
  }
}

/// QoS 2 is answered like QoS 1: with PUBACK.
void TransportCore::acknowledge(Id id, const Session& session, const PublishPacket& packet,
                                std::uint8_t reason) {
  if (packet.qos > 0) {
    reply(id, encode_puback(session.version, packet.packet_id, reason));
  }
}

/// Over a limit the subscription is answered with success, but not registered.
void TransportCore::subscribe(Id id, Session& session, const SubscribePacket& packet) {
  const bool is_v5 = session.version == MqttVersion::v5;
  std::vector<std::uint8_t> codes;
  for (const SubscribePacket::Wish& wish : packet.wishes) {
    if (!can_subscribe(wish.filter)) {
      codes.push_back(is_v5 ? reason::bad_topic_filter : refused_subscription);
      continue;
    }
    const std::uint8_t granted = std::min(wish.qos, highest_qos);
    codes.push_back(granted);
    const bool costs = subscription_reaches_core(wish.filter);
    if (costs && (settings_.quota_reached || !limiter_.pass(session.device, 0, clock_.now()))) {
      continue;
    }
    std::erase_if(session.subscriptions,
                  [&](const auto& known) { return known.filter == wish.filter; });
    session.subscriptions.push_back({std::string(wish.filter), granted});
  }
  wire_.send(id, encode_suback(session.version, packet.packet_id, codes));
}

void TransportCore::unsubscribe(Id id, Session& session, const UnsubscribePacket& packet) {
  std::vector<std::uint8_t> codes;
  for (const std::string_view filter : packet.filters) {
    const bool existed = std::erase_if(session.subscriptions, [&](const auto& known) {
                           return known.filter == filter;
                         }) > 0;
    codes.push_back(existed ? reason::success : reason::no_subscription);
  }
  wire_.send(id, encode_unsuback(session.version, packet.packet_id, codes));
}

/// Whether the limits let a message pass; if not, the connection is closed.
bool TransportCore::allow(Id id, const Session& session, std::size_t data_points) {
  if (!settings_.quota_reached && limiter_.pass(session.device, data_points, clock_.now())) {
    return true;
  }
  close(id, reason::not_allowed_now);
  return false;
}

/// At the QoS of the subscription, and at QoS 1 without one.
void TransportCore::answer(Id id, Session& session, const std::string& topic,
                           std::string_view payload) {
  const auto subscription =
      std::find_if(session.subscriptions.begin(), session.subscriptions.end(),
                   [&](const auto& known) { return covers(known.filter, topic); });
  const std::uint8_t qos =
      subscription == session.subscriptions.end() ? highest_qos : subscription->qos;
  if (qos > 0 && ++session.last_packet_id == 0) {
    ++session.last_packet_id;
  }
  reply(id, encode_publish(session.version, qos, session.last_packet_id, topic, payload));
}

/// Sends what the core of the platform has to be asked for first, and so can be slow.
void TransportCore::reply(Id id, std::string bytes) {
  if (settings_.puback_delay.count() == 0) {
    wire_.send(id, bytes);
    return;
  }
  after(settings_.puback_delay, [this, id, late = std::move(bytes)] {
    if (find(id) != nullptr) {
      wire_.send(id, late);
    }
  });
}

std::string TransportCore::session_limits() const {
  const auto& text = settings_.rates.text;
  return R"({"maxPayloadSize":65536,"maxInflightMessages":100,"rateLimits":{"messages":)" +
         quoted_or_null(text[RateLimits::device_messages]) + R"(,"telemetryMessages":)" +
         quoted_or_null(text[RateLimits::device_telemetry]) + R"(,"telemetryDataPoints":)" +
         quoted_or_null(text[RateLimits::device_data_points]) + "}}";
}

}  // namespace stresskit::sandbox
