// Whatever a server answers, a session knows which of its messages are open.
// Input: one byte for version and QoS, then steps: one byte for what the device does, and for what
// the server sends a length and so many bytes.
#include "fuzz/fuzz.hpp"

#include "stresskit/mqtt/protocol/session.hpp"

#include <set>
#include <string>
#include <variant>

namespace stresskit::mqtt::protocol {
namespace {

using fuzz::require;

/// A session, and beside it what must be true of it.
class Play {
 public:
  Play(Version version, Qos qos) : qos_(qos), session_(version, qos) {}

  void connect() {
    std::string out;
    session_.connect({"sim-1", "token", 60}, out);
    require(!out.empty() && out.front() == '\x10', "connecting says CONNECT");
    open_.clear();
    waiting_.clear();
    talks_ = true;
    connected_ = false;
  }

  void receive(std::string_view bytes) {
    waiting_ += bytes;
    std::string_view rest = waiting_;
    while (talks_ && !rest.empty()) {
      const Received received = session_.receive(rest);
      require(received.size <= rest.size(), "no packet is larger than what came");
      std::visit([this](const auto& event) { take(event); }, received.event);
      require(session_.open_messages() == open_.size(), "the open messages are counted");
      if (received.size == 0) {
        break;
      }
      rest.remove_prefix(received.size);
    }
    waiting_ = talks_ ? std::string(rest) : "";
  }

  void prepare() {
    session_.prepare("t", "{}", frame_);
    require(frame_.size() > 4 && (frame_.front() & 0xF0) == 0x30, "a frame is a PUBLISH");
    prepared_ = true;
  }

  void publish() {
    if (!prepared_ || !connected_ || session_.window_full()) {
      return;
    }
    const std::uint16_t id = session_.published();
    prepared_ = false;
    require(id != 0, "an id is never 0");
    if (qos_ == Qos::at_least_once) {
      require(open_.insert(id).second, "an id that is open is not used again");
    }
    require(session_.open_messages() == open_.size(), "the open messages are counted");
    require(session_.last_published() == id, "the last one published is known");
  }

 private:
  template <class Event>
  void take(const Event&) {}
  void take(const Accepted&) {
    require(!connected_, "a device is accepted once");
    connected_ = true;
  }
  void take(const Acknowledged& event) {
    require(open_.erase(event.id) == 1, "what is acknowledged was open");
  }
  void take(const Rejected& event) {
    require(open_.erase(event.id) == 1, "what is rejected was open");
    require(event.code >= 0x80, "a rejection has a reason");
  }
  void take(const Refused& event) {
    require(!connected_ && event.code != 0, "a refusal has a code and comes first");
    talks_ = false;
  }
  void take(const Disconnected&) { end(); }
  void take(const Broken&) { end(); }
  void end() { talks_ = connected_ = false; }

  Qos qos_;
  Session session_;
  std::set<std::uint16_t> open_;
  std::string waiting_;
  std::string frame_;
  bool talks_ = false;
  bool connected_ = false;
  bool prepared_ = false;
};

void play(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::uint8_t kind = input.number();
  Play play((kind & 1) == 0 ? Version::v3_1_1 : Version::v5,
            (kind & 2) == 0 ? Qos::at_least_once : Qos::at_most_once);
  while (!input.empty()) {
    switch (input.number() % 4) {
      case 0:
        play.receive(input.bytes(input.number()));
        break;
      case 1:
        play.connect();
        break;
      case 2:
        play.prepare();
        break;
      default:
        play.publish();
    }
  }
}

}  // namespace
}  // namespace stresskit::mqtt::protocol

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  stresskit::mqtt::protocol::play(data, size);
  return 0;
}
