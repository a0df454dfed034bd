// A connection's traffic, and how connections end.

#include "mqtt/engine/native/native_connections.hpp"

#include <fmt/format.h>

namespace stresskit::mqtt::native {
namespace {

using fleet::Failure;
using fleet::Stage;

/// A PUBACK for each packet id, and a little more. No server that keeps to the protocol gets there,
/// and no other one makes our memory grow without end.
constexpr std::size_t most_waiting_answers = 65'536 * 4 + 16;

/// A server's own sentence, made fit to be shown: no control characters, not endless.
std::string shown(std::string_view reason) {
  constexpr std::size_t longest = 200;
  std::string text(reason.substr(0, longest));
  if (reason.size() > longest) {
    while (!text.empty() && (text.back() & 0xC0) == 0x80) {
      text.pop_back();  // not in the middle of a character
    }
    text.pop_back();
    text += "...";
  }
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      c = ' ';
    }
  }
  return text;
}

}  // namespace

void NativeConnections::on_ready(Slot slot, std::uint32_t ready) {
  Device& device = devices_[slot];
  switch (device.phase) {
    case Phase::closed:
    case Phase::waiting:
      return;  // ended earlier in this portion
    case Phase::tcp:
      after_connect(slot, device.link.reach(addresses_[device.address]));
      now_ = clock_.now();
      return;
    case Phase::tls:
      after_handshake(slot, device.flush() ? device.shake_hands() : Outcome::ended);
      now_ = clock_.now();
      return;
    case Phase::connack:
    case Phase::connected:
      break;
  }
  if ((ready & ~std::uint32_t{EPOLLOUT}) != 0) {
    receive(slot);
  }
  if (!device.link.is_open()) {
    return;
  }
  if (device.flush()) {
    watch(slot);
  } else {
    end(slot, device.link.cause());
  }
}

/// False: nothing more has come, or the connection ended.
bool NativeConnections::receive(Slot slot) {
  Device& device = devices_[slot];
  const std::size_t kept = device.partial.copy(buffer_.get(), device.partial.size());
  const Io io = device.read(buffer_.get() + kept, buffer_size - kept);
  if (io.outcome != Outcome::done) {
    if (io.outcome == Outcome::ended) {
      end(slot, device.link.cause());
    }
    return false;
  }
  // One look a portion of answers: it dates them, and tells when this turn is over.
  const Mono::time_point at = now_ = clock_.now();
  device.last_received = at;
  std::string_view bytes(buffer_.get(), kept + io.bytes);
  while (!bytes.empty()) {
    const protocol::Received received = device.session.receive(bytes);
    std::visit([&](const auto& news) { take(slot, news, at); }, received.event);
    if (!device.link.is_open()) {
      return false;
    }
    if (received.size == 0) {
      break;  // the rest is yet to come
    }
    bytes.remove_prefix(received.size);
  }
  if (!bytes.empty()) {
    device.partial = bytes;
  } else if (kept > 0) {
    device.partial = {};  // its memory, too
  }
  return true;
}

/// What has come before a verdict falls on a connection: TLS gives one record a read.
void NativeConnections::receive_all(Slot slot) {
  constexpr int most = 1'000;  // who sends without end does not hold us up
  for (int i = 0; i < most && devices_[slot].link.is_open() && receive(slot); ++i) {
  }
}

void NativeConnections::take(Slot slot, const protocol::Accepted& news, Mono::time_point at) {
  accept(slot, news.connack, at);
}

void NativeConnections::take(Slot slot, const protocol::Refused& news, Mono::time_point) {
  // A server that does not know MQTT 5 answers with a code of 3.1.1.
  const Cause cause{news.code >= 0x80 ? Source::connack_v5 : Source::connack_v3, news.code};
  end(slot, cause, in_words(slot, cause, news.reason));
}

void NativeConnections::take(Slot slot, const protocol::Acknowledged& news, Mono::time_point at) {
  events_->acknowledged(slot, news.id, at);
}

void NativeConnections::take(Slot slot, const protocol::Rejected& news, Mono::time_point at) {
  const Cause cause{Source::puback_v5, news.code};
  const fleet::Bucket bucket = classify(Stage::publish, cause.source, cause.code);
  events_->rejected(slot, news.id,
                    {Stage::publish, bucket, in_words(slot, cause, news.reason), cause.code}, at);
}

void NativeConnections::take(Slot slot, const protocol::Message& news, Mono::time_point) {
  if (news.publish.id == 0) {
    return;
  }
  Device& device = devices_[slot];
  const auto answer = protocol::puback(news.publish.id);
  if (!device.send({answer.data(), answer.size()})) {
    end(slot, device.link.cause());
  } else if (device.waiting_answers() > most_waiting_answers) {
    end(slot, {Source::bad_packet, 0}, "more unacknowledged messages than there are packet ids");
  }
}

void NativeConnections::take(Slot slot, const protocol::Pong&, Mono::time_point) {
  devices_[slot].ping_sent.reset();
}

void NativeConnections::take(Slot slot, const protocol::Disconnected& news, Mono::time_point) {
  const Cause cause{Source::disconnect_v5, news.code};
  end(slot, cause, in_words(slot, cause, news.reason));
}

void NativeConnections::take(Slot slot, const protocol::Broken& news, Mono::time_point) {
  const Cause cause{Source::bad_packet, 0};
  end(slot, cause, fmt::format("{}: {}", describe(cause.source, cause.code), news.what));
}

Mono::time_point NativeConnections::keep_alive_due(const Device& device) const {
  // Both ways: silence of ours lets the server close, silence of the server may be a dead line.
  const auto since =
      device.ping_sent ? *device.ping_sent : std::min(device.last_sent, device.last_received);
  return since + std::chrono::seconds(device.keep_alive_sec);
}

void NativeConnections::keep_alive(Slot slot) {
  Device& device = devices_[slot];
  if (device.ping_sent && keep_alive_due(device) <= now_) {
    receive_all(slot);  // what has come while we were busy counts
    if (device.phase != Phase::connected) {
      return;
    }
    if (device.ping_sent) {
      end(slot, {Source::timed_out, 0},
          fmt::format("no PINGRESP within {} s", device.keep_alive_sec));
      return;
    }
  }
  if (device.sealed() && keep_alive_due(device) <= now_) {
    wait_for_sealed(slot);
    return;
  }
  if (keep_alive_due(device) <= now_) {
    if (!device.send(protocol::pingreq)) {
      end(slot, device.link.cause());
      return;
    }
    device.ping_sent = device.last_sent = now_;
  }
  watch(slot);
  timers_.set(slot, keep_alive_due(device));
}

/// A PINGREQ would have to wait for the message that is about to go out, which serves as well. But
/// a burst may be missed and the next one be far; then the server would take us for dead.
void NativeConnections::wait_for_sealed(Slot slot) {
  const Device& device = devices_[slot];
  // Servers close after one and a half times the keep-alive (MQTT 3.1.1 section 3.1.2.10).
  const auto patience = std::chrono::milliseconds(250) * device.keep_alive_sec;
  if (now_ < keep_alive_due(device) + patience) {
    timers_.set(slot, now_ + patience / 5);
  } else {
    end(slot, {Source::generator, 0});
  }
}

/// The number that the server or the system gave; a time-out and a closed connection have none.
std::optional<std::int64_t> code_of(const Cause& cause) {
  const bool numbered =
      cause.source != Source::timed_out && cause.source != Source::bad_packet && cause.code != 0;
  return numbered ? std::optional(cause.code) : std::nullopt;
}

void NativeConnections::end(Slot slot, const Cause& cause) {
  std::string detail = describe(cause.source, cause.code);
  if (cause.source == Source::closed_by_server && devices_[slot].phase == Phase::connack) {
    detail += " before CONNACK";
  } else if (cause.source == Source::closed_by_server && devices_[slot].phase == Phase::tls) {
    detail += " during the TLS handshake";
  } else if (cause.source == Source::tls) {
    detail += tls_hint(cause.code, host_);
  }
  end(slot, cause, std::move(detail));
}

void NativeConnections::end(Slot slot, const Cause& cause, std::string detail) {
  Device& device = devices_[slot];
  const bool was_accepted = device.phase == Phase::connected;
  const Stage stage = was_accepted ? Stage::disconnect : Stage::connect;
  const Failure failure{stage, classify(stage, cause.source, cause.code), std::move(detail),
                        code_of(cause)};
  const std::optional<MessageId> unfinished = device.unfinished();
  timers_.cancel(slot);
  device.hang_up();
  // Last, because the owner may open the slot again.
  if (was_accepted) {
    events_->lost(slot, failure, unfinished, clock_.now());
  } else {
    events_->refused(slot, failure, clock_.now());
  }
}

std::string NativeConnections::in_words(Slot slot, const Cause& cause,
                                        std::string_view reason) const {
  const std::string& token = fleet_[slot].token;
  const bool secret = !token.empty() && reason.find(token) != std::string_view::npos;
  if (reason.empty() || secret) {
    return describe(cause.source, cause.code);
  }
  return fmt::format("{} ({})", describe(cause.source, cause.code), shown(reason));
}

}  // namespace stresskit::mqtt::native
