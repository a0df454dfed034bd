#include "sandbox/transport_core.hpp"

#include "sandbox/mqtt_decode.hpp"
#include "sandbox/mqtt_encode.hpp"
#include "sandbox/mqtt_reasons.hpp"

#include <algorithm>
#include <utility>

namespace stresskit::sandbox {
namespace {

using namespace std::chrono_literals;

/// MQTT_MSG_QUEUE_SIZE_PER_DEVICE_LIMIT: packets that may wait for CONNACK.
constexpr std::uint8_t max_queued = 100;
/// The older session of a device was seen to end 50 to 75 ms after the second CONNECT.
constexpr auto eviction_delay = 50ms;
/// How often the platform looks for idle sessions.
constexpr std::chrono::milliseconds sweep_interval = 3s;

constexpr std::uint8_t identifier_rejected = 2;
constexpr std::uint8_t unavailable = 3;
constexpr std::uint8_t not_authorized = 5;

/// The DISCONNECT that follows a refusing CONNACK.
std::uint8_t reason_after_refusal(std::uint8_t connack) {
  switch (connack) {
    case reason::server_unavailable:
      return reason::server_busy;
    case reason::connection_rate_exceeded:
      return reason::message_rate_too_high;
    default:
      return connack;
  }
}

}  // namespace

TransportCore::TransportCore(Wire& wire, const support::Clock& clock)
    : wire_(wire), clock_(clock), next_sweep_(clock.now() + sweep_interval) {}

void TransportCore::opened(Id id, std::string source_address) {
  const std::uint32_t most = settings_.max_connections_per_address;
  std::uint32_t& connections = by_address_[source_address];
  if (settings_.close_on_accept || (most > 0 && connections >= most)) {
    wire_.finish(id);
    return;
  }
  ++connections;
  Session& session = sessions_[id];
  session.source_address = std::move(source_address);
  session.last_activity = clock_.now();
}

void TransportCore::received(Id id, std::string_view bytes) {
  Session* session = find(id);
  if (session == nullptr) {
    return;
  }
  std::string held;
  if (!session->input.empty()) {
    held = std::exchange(session->input, {}).append(bytes);
    bytes = held;
  }
  const std::string_view rest = process(id, bytes);
  if (rest.empty()) {
    return;
  }
  session = find(id);
  if (session != nullptr) {
    session->input.assign(rest);
  }
}

void TransportCore::ended(Id id) {
  forget(id);
}

TransportCore::Session* TransportCore::find(Id id) {
  const auto found = sessions_.find(id);
  return found == sessions_.end() ? nullptr : &found->second;
}

/// Handles the whole packets at the front of `bytes`; returns what is left of them.
std::string_view TransportCore::process(Id id, std::string_view bytes) {
  while (Session* session = find(id)) {
    const Decoded decoded = decode_packet(bytes, session->version);
    if (decoded.status == Decoded::Status::incomplete) {
      break;
    }
    if (decoded.status != Decoded::Status::packet) {
      close(id, reason::malformed_packet);
      break;
    }
    dispatch(id, *session, bytes.substr(0, decoded.consumed), decoded.packet);
    bytes.remove_prefix(decoded.consumed);
  }
  return bytes;
}

void TransportCore::dispatch(Id id, Session& session, std::string_view raw,
                             const ClientPacket& packet) {
  if (const auto* wish = std::get_if<ConnectPacket>(&packet)) {
    connect(id, session, *wish);
  } else if (session.phase == Session::Phase::open) {
    session.last_activity = clock_.now();
    handle(id, session, packet);
  } else if (session.queued >= max_queued) {
    close(id, reason::queue_full);
  } else {
    session.queue.append(raw);
    ++session.queued;
  }
}

void TransportCore::connect(Id id, Session& session, const ConnectPacket& packet) {
  if (session.phase != Session::Phase::fresh) {
    close(id, reason::protocol_error);
    return;
  }
  if (address_blocks_.blocked(session.source_address, clock_.now())) {
    forget(id);
    wire_.finish(id);
    return;
  }
  session.phase = Session::Phase::waiting;
  session.version = packet.version;
  session.clean = packet.clean;
  if (settings_.refusal) {
    const Verdict verdict{settings_.refusal->code, settings_.refusal->code_v5, {}};
    after(settings_.connack_delay, [this, id, verdict] { decide(id, verdict); });
    return;
  }
  wire_.to_platform(FrameWriter(Frame::connect)
                        .u64(id)
                        .str(packet.user_name)
                        .u8(packet.has_user_name ? 1 : 0)
                        .str(packet.client_id)
                        .str(packet.password)
                        .u8(packet.has_password ? 1 : 0)
                        .str(session.source_address)
                        .take());
}

void TransportCore::decide(Id id, const Verdict& verdict) {
  Session* session = find(id);
  if (session == nullptr || session->phase != Session::Phase::waiting) {
    return;
  }
  if (verdict.code != 0) {
    if (verdict.code == not_authorized || verdict.code == identifier_rejected) {
      address_blocks_.note(session->source_address, false, clock_.now());
    }
    refuse(id, *session, verdict);
    return;
  }
  address_blocks_.note(session->source_address, true, clock_.now());
  // Opening a session is a message of its own to the rate limits.
  if (settings_.quota_reached || !limiter_.pass(verdict.device, 0, clock_.now())) {
    refuse(id, *session, {unavailable, reason::connection_rate_exceeded, {}});
    return;
  }
  open(id, *session, verdict.device);
}

void TransportCore::open(Id id, Session& session, const std::string& device) {
  session.phase = Session::Phase::open;
  session.device = device;
  session.last_activity = clock_.now();
  wire_.to_platform(FrameWriter(Frame::opened).u64(id).str(device).take());
  wire_.send(id, encode_connack(session.version, !session.clean, 0));

  const auto [entry, is_first] = by_device_.try_emplace(device, id);
  if (!is_first) {
    const Id older = std::exchange(entry->second, id);
    after(eviction_delay, [this, older] { close(older, reason::session_taken_over); });
  }
  session.queued = 0;
  const std::string queue = std::exchange(session.queue, {});
  process(id, queue);
}

/// The session-present flag is the opposite of clean session even here, as recorded.
void TransportCore::refuse(Id id, const Session& session, const Verdict& verdict) {
  const bool is_v5 = session.version == MqttVersion::v5;
  const std::uint8_t code = is_v5 ? verdict.code_v5 : verdict.code;
  wire_.send(id, encode_connack(session.version, !session.clean, code));
  close(id, reason_after_refusal(code));
}

/// Below MQTT 5 every closing is a bare FIN.
void TransportCore::close(Id id, std::uint8_t reason_v5) {
  const Session* session = find(id);
  if (session == nullptr) {
    return;
  }
  if (session->version == MqttVersion::v5) {
    wire_.send(id, encode_disconnect(reason_v5));
  }
  forget(id);
  wire_.finish(id);
}

void TransportCore::forget(Id id) {
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) {
    return;
  }
  if (found->second.phase == Session::Phase::open) {
    const std::string& device = found->second.device;
    wire_.to_platform(FrameWriter(Frame::closed).u64(id).str(device).take());
    const auto newest = by_device_.find(device);
    if (newest != by_device_.end() && newest->second == id) {
      by_device_.erase(newest);
    }
  }
  --by_address_[found->second.source_address];
  sessions_.erase(found);
}

void TransportCore::from_platform(FrameBody frame) {
  switch (frame.type()) {
    case Frame::verdict: {
      const Id id = frame.u64();
      Verdict verdict;
      verdict.code = frame.u8();
      verdict.code_v5 = frame.u8();
      verdict.device = frame.str();
      if (frame.good()) {
        after(settings_.connack_delay, [this, id, verdict] { decide(id, verdict); });
      }
      return;
    }
    case Frame::evict: {
      const std::string device(frame.str());
      const std::uint8_t reason = frame.u8();
      if (frame.good()) {
        evict(device, reason);
      }
      return;
    }
    case Frame::limits:
      configure(frame.str());
      return;
    case Frame::sync:
      wire_.to_platform(FrameWriter(Frame::synced).u64(frame.u64()).take());
      return;
    default:
      return;
  }
}

void TransportCore::evict(const std::string& device, std::uint8_t reason) {
  const auto newest = by_device_.find(device);
  if (newest != by_device_.end()) {
    close(newest->second, reason);
  }
}

/// A document that cannot be read changes nothing: the platform has told its own client about it.
void TransportCore::configure(std::string_view json) {
  auto settings = parse_transport_settings(json);
  if (!settings) {
    return;
  }
  settings_ = *std::move(settings);
  limiter_.configure(settings_.rates, clock_.now());
  address_blocks_.configure(settings_.address_block);
  next_sweep_ = std::min(next_sweep_, clock_.now() + settings_.inactivity / 4);
}

void TransportCore::sweep() {
  const Time now = clock_.now();
  std::vector<Id> idle;
  for (const auto& [id, session] : sessions_) {
    const bool is_open = session.phase == Session::Phase::open;
    if (is_open && now - session.last_activity >= settings_.inactivity) {
      idle.push_back(id);
    }
  }
  for (const Id id : idle) {
    close(id, reason::idle);
  }
  next_sweep_ = now + std::clamp(settings_.inactivity / 4, 10ms, sweep_interval);
}

/// Without a delay the action runs at once.
void TransportCore::after(std::chrono::milliseconds delay, std::function<void()> action) {
  if (delay <= 0ms) {
    action();
  } else {
    timers_.emplace(clock_.now() + delay, std::move(action));
  }
}

void TransportCore::run_due() {
  const Time now = clock_.now();
  while (!timers_.empty() && timers_.begin()->first <= now) {
    const auto action = std::move(timers_.begin()->second);
    timers_.erase(timers_.begin());
    action();
  }
  if (next_sweep_ <= now) {
    sweep();
  }
}

TransportCore::Time TransportCore::next_due() const {
  return timers_.empty() ? next_sweep_ : std::min(next_sweep_, timers_.begin()->first);
}

}  // namespace stresskit::sandbox
