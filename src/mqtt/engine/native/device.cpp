#include "mqtt/engine/native/device.hpp"

#include <algorithm>

namespace stresskit::mqtt::native {
Outcome Device::shake_hands() {
  const Outcome outcome = link.handshake();
  return pass_on() ? outcome : Outcome::ended;
}

Io Device::read(char* to, std::size_t room) {
  const Io io = link.read(to, room);
  return link.encrypted() && !pass_on() ? Io{Outcome::ended, 0} : io;
}

bool Device::send(std::string_view packet) {
  return link.encrypted() ? link.encrypt(packet) && pass_on() : hand_over(packet);
}

/// Sends what TLS has produced. False: the link ended.
bool Device::pass_on() {
  std::string& produced = link.produced();
  const bool sent = produced.empty() || hand_over(produced);
  produced.clear();
  return sent;
}

bool Device::hand_over(std::string_view wire) {
  if (backlog == nullptr) {
    const Io io = link.write(wire);
    if (io.outcome == Outcome::ended) {
      return false;
    }
    if (io.bytes == wire.size()) {
      return true;
    }
    backlog = std::make_unique<Backlog>();
    backlog->written = io.bytes;
  }
  backlog->bytes += wire;
  return true;
}

bool Device::seal() {
  if (backlog != nullptr) {
    return true;
  }
  if (!link.encrypt(frame)) {
    return false;
  }
  backlog = spare != nullptr ? std::move(spare) : std::make_unique<Backlog>();
  backlog->bytes.swap(link.produced());
  backlog->message_end = backlog->bytes.size();
  backlog->sealed = true;
  return true;
}

Outcome Device::send_frame() {
  if (waits()) {
    return Outcome::blocked;
  }
  if (link.encrypted()) {
    return seal() ? send_sealed() : Outcome::ended;
  }
  const Io io = link.write(frame);
  if (io.outcome != Outcome::done) {
    return io.outcome;
  }
  const MessageId message = session.published();
  if (io.bytes < frame.size()) {
    backlog = std::make_unique<Backlog>(Backlog{frame, io.bytes, message, frame.size()});
  }
  return Outcome::done;
}

Outcome Device::send_sealed() {
  const Io io = link.write(backlog->bytes);
  if (io.outcome == Outcome::ended) {
    return io.outcome;
  }
  const MessageId message = session.published();
  if (io.bytes == backlog->bytes.size()) {
    backlog->bytes.clear();
    spare = std::move(backlog);
  } else {
    backlog->written = io.bytes;
    backlog->message = message;
    backlog->sealed = false;
  }
  return Outcome::done;
}

bool Device::flush() {
  while (waits()) {
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
  const bool some = waits() && backlog->written < backlog->message_end;
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
  return waits() ? readable | writable : readable;
}

void Device::finish(std::span<char> scratch) {
  static_cast<void>(read(scratch.data(), scratch.size()));
  if (link.encrypted()) {
    link.say_end();
    static_cast<void>(pass_on());
  }
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
