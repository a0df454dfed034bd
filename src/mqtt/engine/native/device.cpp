#include "mqtt/engine/native/device.hpp"

#include <algorithm>

namespace stresskit::mqtt::native {
bool Device::send(std::string_view packet) {
  if (backlog == nullptr) {
    const Io io = link.write(packet);
    if (io.outcome == Outcome::ended) {
      return false;
    }
    if (io.outcome == Outcome::done && io.bytes == packet.size()) {
      return true;
    }
    backlog = std::make_unique<Backlog>();
    backlog->written = io.bytes;
  }
  backlog->bytes += packet;
  return true;
}

Outcome Device::send_frame() {
  if (backlog != nullptr) {
    return Outcome::blocked;
  }
  const Io io = link.write(frame);
  // On TLS a blocked write has bytes on their way already: it is one that went out in part.
  if (io.outcome == Outcome::ended || (io.outcome == Outcome::blocked && !link.encrypted())) {
    return io.outcome;
  }
  const MessageId message = session.published();
  if (io.outcome == Outcome::blocked || io.bytes < frame.size()) {
    backlog = std::make_unique<Backlog>(Backlog{frame, io.bytes, message, frame.size()});
  }
  return Outcome::done;
}

bool Device::flush() {
  while (backlog != nullptr) {
    const Io io = link.write(std::string_view(backlog->bytes).substr(backlog->written));
    if (io.outcome != Outcome::done) {
      return io.outcome == Outcome::blocked;
    }
    backlog->written += io.bytes;
    if (backlog->written == backlog->bytes.size()) {
      backlog.reset();
    }
  }
  return true;
}

std::optional<MessageId> Device::unfinished() const {
  const bool some = backlog != nullptr && backlog->written < backlog->message_end;
  return some ? backlog->message : std::nullopt;
}

std::size_t Device::waiting_answers() const {
  return backlog == nullptr
             ? 0
             : backlog->bytes.size() - std::max(backlog->written, backlog->message_end);
}

std::uint8_t Device::interest() const {
  if (phase == Phase::tcp) {
    return writable;
  }
  if (phase == Phase::tls) {
    return link.wants_to_write() ? writable : readable;
  }
  return backlog != nullptr || link.wants_to_write() ? readable | writable : readable;
}

void Device::hang_up() {
  if (phase == Phase::connected && link.encrypted()) {
    tls_session = resumable_session(link.tls());
  }
  link.close();
  partial = {};
  backlog.reset();
  ping_sent.reset();
  watched = nothing;
  phase = Phase::closed;
}

}  // namespace stresskit::mqtt::native
